import type { Host } from "@mycloud/protocol/host";
import type { Notification } from "@mycloud/protocol/notification";
import type { PerfdataAnswer, PerfdataSeries } from "@mycloud/protocol/perfdata";
import type { Problem } from "@mycloud/protocol/problem";
import type { Explanation, Service } from "@mycloud/protocol/service";
import type { StateChange } from "@mycloud/protocol/state-change";
import { parsePerfdata } from "../../perfdata/parse-perfdata.ts";
import type { Fleet } from "./fleet.ts";
import { createRandom } from "./random.ts";
import { fakeTimeline } from "./reports.ts";

type Watched = { host: Host; service: null } | { host: null; service: Service };

const isFine = (state: string) => state === "OK" || state === "UP" || state === "PENDING";
const impactOf: Readonly<Record<string, number>> = {
  DOWN: 5,
  UNREACHABLE: 5,
  CRITICAL: 4,
  UNKNOWN: 3,
  STALE: 2,
  WARNING: 1,
};

function identity({ host, service }: Watched) {
  return service
    ? { hostId: service.hostId, hostName: service.hostName, serviceId: service.id, serviceName: service.name }
    : { hostId: host.id, hostName: host.name, serviceId: null, serviceName: null };
}

/** Everything of a fleet, hosts and services alike. */
function watched(fleet: Fleet): Watched[] {
  return [
    ...fleet.hosts.map((host) => ({ host, service: null })),
    ...fleet.services.map((service) => ({ host: null, service })),
  ];
}

/** The open problems of a fleet. */
export function openProblems(fleet: Fleet): Problem[] {
  return watched(fleet).flatMap((each) => {
    const of = each.service ?? each.host;
    if (isFine(of.state)) return [];
    return [
      {
        id: of.problemId,
        key: each.service ? `service-${of.id}` : `host-${of.id}`,
        ...identity(each),
        state: of.state,
        stateType: of.stateType,
        attempt: of.attempt,
        maxCheckAttempts: of.maxCheckAttempts,
        output: of.output,
        startedAtMs: of.lastStateChangeAtMs ?? of.createdAtMs,
        endedAtMs: null,
        lastCheckAtMs: of.lastCheckAtMs,
        isAcknowledged: of.isAcknowledged,
        isInDowntime: of.isInDowntime,
        isFlapping: of.isFlapping,
        isHostDown: each.service ? each.service.hostState === "DOWN" : false,
        impact: impactOf[of.state] ?? 3,
        businessImpact: of.businessImpact,
        rootProblem: null,
        impactCount: 0,
        notifiedContactNames: of.stateType === "HARD" && !of.isInDowntime ? ["oncall"] : [],
      },
    ];
  });
}

/** State changes that lead to each present state, and an older hiccup now and then; the newest first. */
export function stateChanges(fleet: Fleet): StateChange[] {
  const changes: Omit<StateChange, "id">[] = [];
  for (const each of watched(fleet)) {
    const of = each.service ?? each.host;
    const at = of.lastStateChangeAtMs;
    if (at === null || (isFine(of.state) && of.id % 5 !== 0)) continue;
    const fine = each.service ? "OK" : "UP";
    const base = { ...identity(each), problemId: of.problemId, attempt: of.attempt };
    const hiccup = each.service ? "WARNING" : "DOWN";
    const notified = { isNotified: true, reason: "notified", message: "told oncall", contactNames: ["oncall"] };
    changes.push(
      {
        ...base,
        kind: "state",
        fromState: fine,
        toState: hiccup,
        stateType: "HARD",
        output: `${hiccup} - for a moment`,
        atMs: at - 30_000_000,
        notification: notified,
      },
      {
        ...base,
        kind: "state",
        fromState: hiccup,
        toState: fine,
        stateType: "HARD",
        output: `${fine} - again`,
        atMs: at - 28_000_000,
        notification: null,
      },
    );
    if (isFine(of.state)) continue;
    changes.push({
      ...base,
      kind: of.state === "STALE" ? "stale-start" : "state",
      fromState: fine,
      toState: of.state,
      stateType: of.stateType,
      output: of.output,
      atMs: at,
      notification: of.isInDowntime
        ? { isNotified: false, reason: "in-downtime", message: "a downtime covers it until 22:00", contactNames: [] }
        : notified,
    });
  }
  return changes.sort((a, b) => b.atMs - a.atMs).map((change, index) => ({ id: changes.length - index, ...change }));
}

/** The mails that went out, one of each kind of fate. */
export function sentNotifications(fleet: Fleet): Notification[] {
  return openProblems(fleet)
    .filter((problem) => problem.notifiedContactNames.length > 0 && problem.id !== null)
    .slice(0, 60)
    .map((problem, index) => ({
      id: index + 1,
      type: "PROBLEM",
      problemId: problem.id,
      stateChangeId: null,
      hostId: problem.hostId,
      hostName: problem.hostName,
      serviceId: problem.serviceId,
      serviceName: problem.serviceName,
      state: problem.state,
      contactId: 1,
      contactName: "oncall",
      ruleName: "everything to on-call",
      channel: "email",
      via: null,
      number: 1,
      bundleId: null,
      address: "oncall@example.org",
      subject: `[${problem.state}] ${problem.serviceName ?? "host"} on ${problem.hostName}`,
      phase: index === 0 ? "dead" : index === 1 ? "queued" : "sent",
      attempts: index === 1 ? 3 : 1,
      lastError: index === 0 ? "550 5.1.1 no such mailbox" : index === 1 ? "connect ECONNREFUSED 127.0.0.1:25" : null,
      createdAtMs: problem.startedAtMs + 1000,
      nextAttemptAtMs: index === 1 ? problem.startedAtMs + 60_000 : null,
      sentAtMs: index > 1 ? problem.startedAtMs + 1800 : null,
    }));
}

/** Why a state is as it is. */
export function explain(of: Service | Host): Explanation {
  const isBad = !isFine(of.state);
  const service = "hostId" in of ? of : null;
  return {
    command: service?.command ?? null,
    arguments: service?.arguments ?? [],
    commandLine: service?.command ? [service.command, ...service.arguments].join(" ") : null,
    rootProblem: null,
    changes: isBad ? fakeTimeline([of]) : [],
    thresholds:
      isBad && service && service.perfdata !== ""
        ? ["load1 is 11.42, above the critical 8", "load5 is 9.8, above the critical 6"]
        : [],
    attempts: `${of.attempt} of ${of.maxCheckAttempts}, ${of.stateType}`,
    lastOk: of.lastOkAtMs === null ? null : { atMs: of.lastOkAtMs, output: "OK - load average 0.81, 0.75, 0.60" },
    nextCheckAtMs: service?.nextCheckAtMs ?? null,
    notified:
      isBad && !of.isInDowntime && of.stateType === "HARD"
        ? [{ contactName: "oncall", atMs: (of.lastStateChangeAtMs ?? 0) + 1800, phase: "sent" }]
        : [],
    notNotified:
      isBad && of.isInDowntime ? { reason: "in-downtime", message: "a downtime covers it until 22:00" } : null,
    problem: of.problemId === null ? null : { id: of.problemId, startedAtMs: of.lastStateChangeAtMs ?? 0 },
  };
}

/** Made-up measurements of a service's perfdata labels, with an hour and a half without data in the middle of a day. */
export function perfdataOf(
  service: Service,
  range: { fromMs: number; untilMs: number; points: number },
): PerfdataAnswer {
  const length = range.untilMs - range.fromMs;
  const stepMs = Math.max(60_000, Math.ceil(length / range.points / 60_000) * 60_000);
  const gap = [range.untilMs - length * 0.45, range.untilMs - length * 0.38] as const;
  const series = parsePerfdata(service.perfdata).map((item, index): PerfdataSeries => {
    const random = createRandom(service.id * 100 + index);
    const current = item.value ?? 0;
    const columns: Pick<PerfdataSeries, "atMs" | "minimum" | "mean" | "maximum"> = {
      atMs: [],
      minimum: [],
      mean: [],
      maximum: [],
    };
    for (let atMs = range.fromMs; atMs <= range.untilMs; atMs += stepMs) {
      const noise = random();
      if (atMs > gap[0] && atMs < gap[1]) continue;
      const rise =
        service.state === "OK"
          ? 1
          : 0.45 + 0.55 / (1 + Math.exp(-(atMs - (range.untilMs - length * 0.2)) / (length * 0.03)));
      const mean = current * rise * (0.92 + 0.1 * Math.sin(atMs / (length / 14)) + noise * 0.06);
      columns.atMs.push(atMs);
      columns.mean.push(mean);
      columns.minimum.push(mean * 0.96);
      columns.maximum.push(mean * 1.05);
    }
    return { label: item.label, unit: item.unit, warn: item.warn, crit: item.crit, min: 0, max: null, ...columns };
  });
  return {
    serviceId: service.id,
    fromMs: range.fromMs,
    untilMs: range.untilMs,
    resolutionSeconds: stepMs / 1000,
    gapSeconds: (stepMs / 1000) * 2.5,
    series,
  };
}
