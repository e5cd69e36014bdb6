import {
  contactsOf,
  listOf,
  type Monitored,
  monitoredKey,
  type NagiosEscalation,
  type NagiosObject,
  numberOf,
  placeOf,
  textOf,
} from "@mycloud/checks/nagios-objects";
import type { ImportContext, ImportedResource } from "./context.ts";
import { coverOf } from "./cover.ts";
import { clamp, secondsOf } from "./map-common.ts";
import { withNotificationWay } from "./map-contacts.ts";
import { madeName } from "./names.ts";

const serviceStates: Readonly<Record<string, string>> = {
  w: "WARNING",
  u: "UNKNOWN",
  c: "CRITICAL",
  r: "RECOVERY",
  f: "FLAPPING",
  s: "DOWNTIME",
};
const hostStates: Readonly<Record<string, string>> = {
  d: "DOWN",
  u: "UNREACHABLE",
  r: "RECOVERY",
  f: "FLAPPING",
  s: "DOWNTIME",
};
const longOptions: Readonly<Record<string, string>> = {
  warning: "w",
  unknown: "u",
  critical: "c",
  recovery: "r",
  flapping: "f",
  downtime: "s",
  down: "d",
  unreachable: "u",
  none: "n",
  all: "a",
};
const inState: Readonly<Record<string, string>> = { w: "WARNING", u: "UNKNOWN", c: "CRITICAL", d: "DOWN" };

/**
 * Whom nagios would tell of what, as rules: hosts and services with the same contacts, period, states, interval and escalations share one. The states of a
 * rule are those that both the object and the contact want. STALE, which Nagios does not know, is told where CRITICAL, UNKNOWN or DOWN is.
 */
export function mapRules(context: ImportContext): ImportedResource[] {
  const { configuration } = context;
  const groups = new Map(configuration.contactGroups.map(({ name, members }) => [name, members]));
  const ways = new Map(configuration.notificationWays.map(({ name, object }) => [name, object]));
  const contacts = new Map(configuration.contacts.map(({ name, object }) => [name, withNotificationWay(object, ways)]));
  const escalations = Map.groupBy(configuration.escalations, ({ of }) => monitoredKey(of));
  const told = new Map<string, { rule: Record<string, unknown>; objects: Monitored[] }>();
  const everybody = [
    ...configuration.hosts.map(({ name, object }) => ({ of: { host: name, service: null }, object })),
    ...configuration.services.map(({ host, description, object }) => ({ of: { host, service: description }, object })),
  ];
  for (const { of, object } of everybody) {
    const kind = of.service === null ? "host" : "service";
    const wanted = statesOf(textOf(object, "notification_options"), kind);
    const names = contactsOf(object, groups, new Set(contacts.keys()));
    const levels = (escalations.get(monitoredKey(of)) ?? []).map((one) =>
      mapEscalation(one, kind, groups, contacts, context),
    );
    const byStates = Map.groupBy(names, (name) => {
      const own = statesOf(textOf(contacts.get(name) ?? object, `${kind}_notification_options`), kind);
      return wanted.filter((state) => own.includes(state)).join();
    });
    // Escalations may tell people where nobody else is told.
    if (names.length === 0 && levels.length > 0) byStates.set(wanted.join(), []);
    for (const [states, members] of byStates) {
      if (states === "") continue;
      const rule = {
        states: withStale(states.split(",")),
        contacts: members.map((name) => context.resourceNames(name, object.place)),
        period: periodOf(object, "notification_period", context),
        firstDelaySeconds: clamp(secondsOf(object, "first_notification_delay", context) ?? 0, 0, 2_592_000),
        repeatIntervalSeconds: repeatOf(object, context),
        escalations: levels,
      };
      // What an escalation has from its object is what the rule says anyway.
      rule.escalations = levels.map((level) => ({
        ...level,
        period: level.period === rule.period ? null : level.period,
        repeatIntervalSeconds:
          level.repeatIntervalSeconds === (rule.repeatIntervalSeconds ?? 0) ? null : level.repeatIntervalSeconds,
      }));
      const key = JSON.stringify([kind, rule]);
      const same = told.get(key);
      const mapped = mappedName(of, object, context);
      if (same === undefined) told.set(key, { rule, objects: [mapped] });
      else same.objects.push(mapped);
    }
  }
  return [...told].flatMap(([key, { rule, objects }]) =>
    coverOf(objects).map((selector, index): ImportedResource => {
      const who = Array.isArray(rule.contacts) ? rule.contacts.slice(0, 3).join(" ") : "";
      const words = `${objects[0]?.service === null ? "hosts" : "services"} to ${who}`;
      return { kind: "NotificationRule", name: madeName(words, [key, index]), spec: { selector, ...rule } };
    }),
  );
}

/** An object under the names it has here. */
export function mappedName(
  { host, service }: Monitored,
  object: NagiosObject,
  { hostNames, serviceNames }: ImportContext,
): Monitored {
  return {
    host: hostNames(host, object.place),
    service: service === null ? null : serviceNames(service, object.place),
  };
}

function mapEscalation(
  { object }: NagiosEscalation,
  kind: "host" | "service",
  groups: ReadonlyMap<string, readonly string[]>,
  contacts: ReadonlyMap<string, NagiosObject>,
  context: ImportContext,
): Record<string, unknown> {
  const isByTime = object.values.has("first_notification_time");
  const last = isByTime
    ? secondsOf(object, "last_notification_time", context)
    : numberOf(object, "last_notification", 0);
  const first = isByTime
    ? (secondsOf(object, "first_notification_time", context) ?? 0)
    : Math.max(0, numberOf(object, "first_notification", 1) - 1);
  const until = last === null || last <= 0 ? null : last;
  const options = textOf(object, "escalation_options");
  const states = options === undefined ? null : statesOf(options, kind).filter((state) => state !== "RECOVERY");
  const interval = secondsOf(object, "notification_interval", context);
  return {
    ...(isByTime ? { afterSeconds: first, untilSeconds: until } : { afterCount: first, untilCount: until }),
    contacts: contactsOf(object, groups, new Set(contacts.keys())).map((name) =>
      context.resourceNames(name, object.place),
    ),
    states: states === null || states.length === 0 ? null : withStale(states),
    period: periodOf(object, "escalation_period", context),
    repeatIntervalSeconds: interval === null ? null : clamp(interval, 0, 31_622_400),
  };
}

/** Letters or words of a `*_options` directive as states; all when nothing is set. */
function statesOf(text: string | undefined, kind: "host" | "service"): string[] {
  const names = kind === "host" ? hostStates : serviceStates;
  const letters = listOf(text ?? "a").map((word) => longOptions[word.toLowerCase()] ?? word.toLowerCase()[0] ?? "");
  if (letters.includes("n")) return [];
  return letters.includes("a")
    ? Object.values(names)
    : Object.entries(names).flatMap(([letter, state]) => (letters.includes(letter) ? [state] : []));
}

function withStale(states: readonly string[]): string[] {
  const isTold = Object.values(inState).some((state) => state !== "WARNING" && states.includes(state));
  return isTold ? [...states, "STALE"] : [...states];
}

function periodOf(object: NagiosObject, key: string, { resourceNames }: ImportContext): string | null {
  const name = textOf(object, key);
  return name === undefined || name === "none" ? null : resourceNames(name, placeOf(object, key));
}

/** Nagios repeats every 30 units when nothing is said, never when it is 0. */
function repeatOf(object: NagiosObject, context: ImportContext): number | null {
  const seconds = secondsOf(object, "notification_interval", context) ?? 30 * context.intervalLengthSeconds;
  return seconds <= 0 ? null : clamp(seconds, 10, 31_622_400);
}
