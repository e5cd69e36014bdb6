import type { ChannelMessage } from "./channel.ts";

/** What is around a message's host and service when a command is run; lists oldest first where they have an order. */
export interface MacroSurroundings {
  /** Of all hosts and of all services, by state; `unhandled` are those that nobody acknowledged. */
  readonly hosts: readonly StateCount[];
  readonly services: readonly StateCount[];
  /** Of the host's services. */
  readonly hostServices: readonly StateCount[];
  readonly hostHistory: ObjectHistory;
  readonly serviceHistory: ObjectHistory | null;
  readonly isHostInDowntime: boolean;
  readonly isServiceInDowntime: boolean;
  readonly hostGroup: MacroGroup | null;
  readonly serviceGroups: readonly string[];
  readonly serviceGroup: MacroGroup | null;
  readonly contactGroups: readonly string[];
  readonly contactGroup: Pick<MacroGroup, "name" | "alias" | "members"> | null;
}

export interface StateCount {
  readonly state: string;
  readonly count: number;
  readonly unhandled: number;
}

/** How a host or service came to be as it is. */
export interface ObjectHistory {
  /** When it was last seen in each of its states, ms UTC. */
  readonly lastAtMs: Readonly<Record<string, number>>;
  /** The last state change and the one before; null for none. */
  readonly eventIds: readonly [number | null, number | null];
  readonly problemIds: readonly [number | null, number | null];
}

/** The first group of a host or service, as $HOSTGROUPALIAS$ and the like say it. */
export interface MacroGroup {
  readonly name: string;
  readonly alias: string;
  readonly notes: string;
  readonly notesUrl: string | null;
  readonly actionUrl: string | null;
  readonly members: readonly string[];
  /** Of host groups: the members' addresses. */
  readonly addresses: readonly string[];
}

/** Nagios' macros of what is around a message: TOTALHOSTSDOWN, HOSTGROUPMEMBERS, LASTSERVICECRITICAL, CONTACTGROUPNAME. Pure. */
export function surroundingMacros({ id, facts }: ChannelMessage, around: MacroSurroundings): Record<string, string> {
  const { hostGroup, serviceGroup, serviceGroups, contactGroup, contactGroups, serviceHistory } = around;
  const hasService = serviceHistory !== null;
  return {
    ...totals("HOST", around.hosts),
    ...totals("SERVICE", around.services),
    TOTALHOSTSERVICES: String(sum(around.hostServices, "count")),
    ...Object.fromEntries(
      ["OK", "WARNING", "UNKNOWN", "CRITICAL"].map((state) => [
        `TOTALHOSTSERVICES${state}`,
        String(sum(within(around.hostServices, state), "count")),
      ]),
    ),
    ...history("HOST", ["UP", "DOWN", "UNREACHABLE"], around.hostHistory),
    ...(hasService ? history("SERVICE", ["OK", "WARNING", "UNKNOWN", "CRITICAL"], serviceHistory) : {}),
    HOSTDOWNTIME: around.isHostInDowntime ? "1" : "0",
    ...(hasService ? { SERVICEDOWNTIME: around.isServiceInDowntime ? "1" : "0", SERVICEISVOLATILE: "0" } : {}),
    [hasService ? "SERVICENOTIFICATIONID" : "HOSTNOTIFICATIONID"]: String(id),
    [hasService ? "SERVICEINFOURL" : "HOSTINFOURL"]: facts.link,
    ...(hostGroup === null ? {} : group("HOSTGROUP", hostGroup)),
    HOSTGROUPMEMBERADDRESSES: hostGroup?.addresses.join(",") ?? "",
    SERVICEGROUPNAMES: serviceGroups.join(","),
    ...(serviceGroup === null ? {} : group("SERVICEGROUP", serviceGroup)),
    CONTACTGROUPNAMES: contactGroups.join(","),
    CONTACTGROUPNAME: contactGroup?.name ?? "",
    CONTACTGROUPALIAS: contactGroup?.alias ?? "",
    CONTACTGROUPMEMBERS: contactGroup?.members.join(",") ?? "",
  };
}

function totals(kind: "HOST" | "SERVICE", counts: readonly StateCount[]): Record<string, string> {
  const names = kind === "HOST" ? ["UP", "DOWN", "UNREACHABLE"] : ["OK", "WARNING", "UNKNOWN", "CRITICAL"];
  const [good] = names;
  const bad = counts.filter(({ state }) => state !== good && names.includes(state));
  const macros: Record<string, string> = {
    [`TOTAL${kind}PROBLEMS`]: String(sum(bad, "count")),
    [`TOTAL${kind}PROBLEMSUNHANDLED`]: String(sum(bad, "unhandled")),
  };
  for (const state of names) {
    macros[`TOTAL${kind}S${state}`] = String(sum(within(counts, state), "count"));
    if (state !== good) macros[`TOTAL${kind}S${state}UNHANDLED`] = String(sum(within(counts, state), "unhandled"));
  }
  return macros;
}

function history(
  kind: "HOST" | "SERVICE",
  states: readonly string[],
  { lastAtMs, eventIds, problemIds }: ObjectHistory,
): Record<string, string> {
  return {
    ...Object.fromEntries(
      states.map((state) => [`LAST${kind}${state}`, String(Math.floor((lastAtMs[state] ?? 0) / 1000))]),
    ),
    [`${kind}EVENTID`]: String(eventIds[0] ?? 0),
    [`LAST${kind}EVENTID`]: String(eventIds[1] ?? 0),
    [`LAST${kind}PROBLEMID`]: String(problemIds[1] ?? 0),
  };
}

function group(kind: "HOSTGROUP" | "SERVICEGROUP", one: MacroGroup): Record<string, string> {
  return {
    [`${kind}NAME`]: one.name,
    [`${kind}ALIAS`]: one.alias === "" ? one.name : one.alias,
    [`${kind}NOTES`]: one.notes,
    [`${kind}NOTESURL`]: one.notesUrl ?? "",
    [`${kind}ACTIONURL`]: one.actionUrl ?? "",
    [`${kind}MEMBERS`]: one.members.join(","),
  };
}

function within(counts: readonly StateCount[], state: string): readonly StateCount[] {
  return counts.filter((count) => count.state === state);
}

function sum(counts: readonly StateCount[], what: "count" | "unhandled"): number {
  return counts.reduce((total, count) => total + count[what], 0);
}
