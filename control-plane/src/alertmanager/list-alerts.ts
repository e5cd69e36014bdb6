import type { AlertStatus, GettableAlert, LabelSet, Receiver } from "@mycloud/protocol/alert";
import { matchesService } from "@mycloud/protocol/selector";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { type LiveDowntime, objectKeyOf, spanFor } from "../downtime/downtime-effect.ts";
import { loadLiveDowntimes } from "../downtime/load-live-downtimes.ts";
import type { DefinitionCache, MonitoredHost } from "../monitored/index.ts";
import { isTheirs, type KnownRule, rulesFor } from "../notification/known-rule.ts";
import { loadRules } from "../notification/load-rules.ts";
import type { ProblemRootsReader } from "../problem/index.ts";
import type { Scope } from "../scope/index.ts";
import { labelsOfObject, severityOf } from "./alert-object.ts";
import { findFiringAlerts } from "./alert-store.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { findOpenProblems, type OpenProblem } from "./problem-store.ts";
import { findSilenceIds, silenceIdOf } from "./silence-store.ts";

export interface ListAlertsDependencies {
  readonly database: ConnectedDatabase;
  readonly definitions: DefinitionCache;
  readonly roots: Pick<ProblemRootsReader, "read">;
  readonly publicUrl: () => string;
  readonly mapping: { readonly resolveTimeoutMs: number };
  readonly now: () => number;
}

/** Of an alert that no rule tells of. Alertmanager's clients expect each alert to have a receiver. */
export const noReceiver: Receiver = { name: "none" };

/** An alert before it is said who silences and what causes it. */
interface Unjudged {
  readonly key: string | null;
  readonly host: MonitoredHost | undefined;
  readonly hostName: string;
  readonly serviceName: string | null;
  readonly state: string;
  readonly alert: Omit<GettableAlert, "receivers" | "status">;
}

/** All alerts that fire now: those that were sent to us, and our own open problems. */
export async function listAlerts(dependencies: ListAlertsDependencies, scope: Scope): Promise<GettableAlert[]> {
  const { database, roots, now } = dependencies;
  const { db } = database;
  const unjudged = await findUnjudged(dependencies, scope);
  const live = await loadLiveDowntimes(db, now());
  const silenceIds = await findSilenceIds(db);
  const { rules } = scope.kind === "all" ? await loadRules(db) : { rules: [] };
  const known = await roots.read();
  const fingerprints = Map.groupBy(
    unjudged.filter(({ key }) => key !== null),
    ({ key }) => key,
  );
  return unjudged.map((one) => {
    const silencedBy = downtimesOver(live, one, now()).map((id) => silenceIds.get(id) ?? silenceIdOf(id));
    const causes = one.key === null ? [] : (known.find(one.key)?.roots ?? []);
    const inhibitedBy = causes
      .filter((key) => key !== one.key)
      .flatMap((key) => (fingerprints.get(key) ?? []).map(({ alert }) => alert.fingerprint));
    const status: AlertStatus = {
      state: silencedBy.length > 0 || inhibitedBy.length > 0 ? "suppressed" : "active",
      silencedBy: [...new Set(silencedBy)],
      inhibitedBy,
      mutedBy: [],
    };
    return { ...one.alert, receivers: receiversOf(rules, one), status };
  });
}

async function findUnjudged(
  { database, definitions, publicUrl, mapping, now }: ListAlertsDependencies,
  scope: Scope,
): Promise<Unjudged[]> {
  const { db } = database;
  const sent = await findFiringAlerts(db, scope);
  const hosts = await definitions.hostsByName(db, new Set(sent.map(({ hostName }) => hostName)));
  const places = new Set<string>();
  const unjudged = sent.map((alert): Unjudged => {
    const host = hosts.get(alert.hostName);
    const service = host?.servicesByName.get(alert.serviceName);
    if (service !== undefined) places.add(`service-${service.id}`);
    return {
      key: service === undefined ? null : `service-${service.id}`,
      host,
      hostName: alert.hostName,
      serviceName: alert.serviceName,
      state: ["OK", "WARNING", "CRITICAL"][alert.returnCode] ?? "UNKNOWN",
      alert: {
        labels: alert.labels,
        annotations: alert.annotations,
        startsAt: iso(alert.startsAtMs),
        // What is not said to end ends when it is not heard of for as long as usual.
        endsAt: iso(alert.endsAtMs ?? now() + mapping.resolveTimeoutMs),
        updatedAt: iso(alert.updatedAtMs),
        fingerprint: alert.fingerprint,
        ...(alert.generatorUrl === "" ? {} : { generatorURL: alert.generatorUrl }),
      },
    };
  });
  const problems = await findOpenProblems(db, scope);
  const own = await definitions.hostsById(db, new Set(problems.map(({ hostId }) => hostId)));
  for (const problem of problems) {
    const key = problem.serviceId === null ? `host-${problem.hostId}` : `service-${problem.serviceId}`;
    const host = own.get(problem.hostId);
    // Of a service made of alerts, the alerts are the alerts.
    if (host === undefined || places.has(key)) continue;
    const service = problem.serviceId === null ? null : definitions.serviceOf(host, problem.serviceId);
    if (service === undefined) continue;
    const labels = labelsOfObject(
      {
        host,
        serviceName: service?.name ?? null,
        businessImpact: (service ?? host).settings.businessImpact,
        sent: [],
      },
      severityOf(problem.state),
    );
    const page = service === null ? `hosts/${host.id}` : `services/${service.id}`;
    unjudged.push({
      key,
      host,
      hostName: host.name,
      serviceName: service?.name ?? null,
      state: problem.state,
      alert: {
        labels,
        annotations: annotationsOf(problem, host, service?.name ?? null),
        startsAt: iso(problem.startedAtMs),
        endsAt: iso(now() + mapping.resolveTimeoutMs),
        updatedAt: iso(problem.updatedAtMs),
        fingerprint: fingerprintOf(labels),
        generatorURL: `${publicUrl()}/#/${page}/show`,
      },
    });
  }
  return unjudged;
}

function annotationsOf(problem: OpenProblem, host: MonitoredHost, service: string | null): LabelSet {
  const { state, output, acknowledgedBy, acknowledgement } = problem;
  return {
    summary: `${service === null ? host.name : `${host.name}/${service}`} is ${state}`,
    description: output,
    state,
    ...(acknowledgedBy === null ? {} : { acknowledged: `${acknowledgedBy}: ${acknowledgement ?? ""}` }),
  };
}

/** The downtimes that keep an object quiet now; a service is quiet while its host is, too. */
function downtimesOver(
  live: readonly LiveDowntime[],
  { host, hostName, serviceName }: Unjudged,
  nowMs: number,
): number[] {
  const selectable = host ?? { name: hostName, groups: [], labels: {}, customer: null };
  const names = serviceName === null ? [null] : [serviceName, null];
  return live
    .filter((downtime) => isTheirs(downtime.customer, selectable))
    .filter((downtime) =>
      names.some(
        (name) =>
          spanFor(downtime, objectKeyOf(hostName, name), name === serviceName, nowMs) !== null &&
          matchesService(downtime.selector, selectable, name ?? undefined),
      ),
    )
    .map(({ id }) => id);
}

function receiversOf(rules: readonly KnownRule[], { host, serviceName, state }: Unjudged): Receiver[] {
  if (host === undefined) return [noReceiver];
  const own = rulesFor(rules, host, serviceName).filter((rule) => rule.states.has(state));
  return own.length === 0 ? [noReceiver] : own.map(({ name }) => ({ name }));
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
