import type { SimulationAnswer } from "@mycloud/protocol/notification";
import type { OnCallPreview, SchedulePreview, SelectorPreview, TimePeriodPreview } from "@mycloud/protocol/preview";
import type { UsedBy } from "@mycloud/protocol/resource";
import { matchesHost, matchesService, type ServiceSelector } from "@mycloud/protocol/selector";
import type { SimulationQuestion } from "../types.ts";
import type { Fleet } from "./fleet.ts";

const hour = 3_600_000;
const day = 24 * hour;
const shown = 30;

/** Every day from eight to noon and from noon to four, whatever was asked. */
export function fakeTimePeriod(fromMs: number, days: number): TimePeriodPreview {
  const stretches = Array.from({ length: days }, (_, index) => index * day + fromMs).flatMap((startMs) => [
    { fromMs: startMs + 9 * hour, untilMs: startMs + 12 * hour },
    { fromMs: startMs + 13 * hour, untilMs: startMs + 17 * hour },
  ]);
  return { fromMs, untilMs: fromMs + days * day, isInside: false, changesAtMs: fromMs + 9 * hour, stretches };
}

/** Turns of a week each. */
export function fakeOnCall(members: readonly string[], fromMs: number, days: number): OnCallPreview {
  const untilMs = fromMs + days * day;
  const turns = Array.from({ length: Math.ceil(days / 7) + 1 }, (_, week) => ({
    contact: members[week % Math.max(1, members.length)] ?? "",
    isOverride: week === 2,
    fromMs: Math.max(fromMs, fromMs + (week * 7 - 3) * day + 9 * hour),
    untilMs: Math.min(untilMs, fromMs + (week * 7 + 4) * day + 9 * hour),
  })).filter((turn) => turn.contact !== "" && turn.fromMs < turn.untilMs);
  return { fromMs, untilMs, turns };
}

/** Every day at the same hour. */
export function fakeSchedule(cron: string, nowMs: number, count: number): SchedulePreview {
  if (cron.split(/\s+/).length < 5) return { fault: `the schedule "${cron}" is not understood`, startsAtMs: [] };
  const startMs = Math.ceil(nowMs / day) * day + 2 * hour;
  return { fault: null, startsAtMs: Array.from({ length: count }, (_, index) => startMs + index * day) };
}

/** What a selector covers of a fleet. */
export function fakeSelector(fleet: Fleet, selector: ServiceSelector): SelectorPreview {
  const hosts = fleet.hosts.filter((host) => matchesService(selector, host, undefined));
  const byId = new Map(fleet.hosts.map((host) => [host.id, host]));
  const services = fleet.services.filter((service) => {
    const host = byId.get(service.hostId);
    return host !== undefined && matchesHost(selector, host) && matchesService(selector, host, service.name);
  });
  return {
    hostCount: hosts.length,
    serviceCount: services.length,
    hosts: hosts.slice(0, shown).map(({ id, name, state }) => ({ id, name, state })),
    services: services.slice(0, shown).map(({ id, hostName, name, state }) => ({ id, hostName, name, state })),
  };
}

/** The period and the contacts are used, all else is not. */
export function fakeUsers(kind: string, name: string): UsedBy[] {
  if (name === "office hours") {
    return [
      { kind: "Contact", id: 2, name: "dana", field: "period" },
      { kind: "NotificationRule", id: 2, name: "databases to dana", field: "escalations.0.period" },
    ];
  }
  return kind === "Contact" ? [{ kind: "ContactGroup", id: 1, name: "operators", field: "contacts" }] : [];
}

/** Dana is told at once and on-call after half an hour; of a WARNING nobody is. */
export function fakeSimulation({ host, service, state, atMs, hours }: SimulationQuestion): SimulationAnswer {
  const base = { host, service, atMs, untilMs: atMs + hours * hour };
  const mail = (address: string) => [{ type: "email" as const, address }];
  const rule = { ruleName: "databases to dana", form: "single" as const };
  if (state === "WARNING") {
    const message = 'rule "databases to dana" matches, but does not tell of WARNING';
    return { ...base, state, messages: [], silences: [{ atMs, reason: "state-not-in-any-rule", message }] };
  }
  return {
    ...base,
    state: state === "DOWN" ? "DOWN" : "CRITICAL",
    messages: [
      { ...rule, atMs, sentAtMs: atMs, contactName: "dana", via: null, number: 1, channels: mail("dana@example.org") },
      {
        ...rule,
        atMs: atMs + 1_800_000,
        sentAtMs: atMs + 1_800_000,
        contactName: "oncall",
        via: "escalation 1",
        number: 2,
        channels: mail("oncall@example.org"),
      },
    ],
    silences: [
      {
        atMs: atMs + 1_800_000,
        reason: "already-notified",
        message: "everybody was told, and the rule repeats nothing",
      },
    ],
  };
}
