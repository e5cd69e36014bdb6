import {
  contactsOf,
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
import { statesOf, withStale } from "./map-notified-states.ts";
import { madeName } from "./names.ts";

/**
 * Whom nagios would tell of what, as rules: hosts and services with the same contacts, period, states, interval and escalations share one. What
 * contacts want to hear of is theirs (`mapContacts`). STALE, which Nagios does not know, is told where CRITICAL, UNKNOWN or DOWN is.
 */
export function mapRules(context: ImportContext): ImportedResource[] {
  const { configuration } = context;
  const groups = new Map(configuration.contactGroups.map(({ name, members }) => [name, members]));
  const contacts = new Map(configuration.contacts.map(({ name, object }) => [name, object]));
  const known = new Set(contacts.keys());
  const namesOf = (object: NagiosObject) =>
    contactsOf(object, groups, known).flatMap((name) => context.contactsOfWays.get(name) ?? [name]);
  const escalations = Map.groupBy(configuration.escalations, ({ of }) => monitoredKey(of));
  const told = new Map<string, { rule: Record<string, unknown>; objects: Monitored[] }>();
  const everybody = [
    ...configuration.hosts.map(({ name, object }) => ({ of: { host: name, service: null }, object })),
    ...configuration.services.map(({ host, description, object }) => ({ of: { host, service: description }, object })),
  ];
  for (const { of, object } of everybody) {
    const kind = of.service === null ? "host" : "service";
    const wanted = statesOf(textOf(object, "notification_options"), kind);
    const names = namesOf(object);
    const levels = (escalations.get(monitoredKey(of)) ?? []).map((one) => mapEscalation(one, kind, namesOf, context));
    // Escalations may tell people where nobody else is told.
    if (wanted.length === 0 || (names.length === 0 && levels.length === 0)) continue;
    const rule = {
      states: withStale(wanted),
      contacts: names.map((name) => context.resourceNames(name, object.place)),
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
  namesOf: (object: NagiosObject) => readonly string[],
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
    contacts: namesOf(object).map((name) => context.resourceNames(name, object.place)),
    states: states === null || states.length === 0 ? null : withStale(states),
    period: periodOf(object, "escalation_period", context),
    repeatIntervalSeconds: interval === null ? null : clamp(interval, 0, 31_622_400),
  };
}

function periodOf(object: NagiosObject, key: string, { resourceNames }: ImportContext): string | null {
  const name = textOf(object, key);
  return name === undefined ? null : resourceNames(name, placeOf(object, key));
}

/** Nagios repeats every 30 units when nothing is said, never when it is 0. */
function repeatOf(object: NagiosObject, context: ImportContext): number | null {
  const seconds = secondsOf(object, "notification_interval", context) ?? 30 * context.intervalLengthSeconds;
  return seconds <= 0 ? null : clamp(seconds, 10, 31_622_400);
}
