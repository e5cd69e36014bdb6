import type { NagiosObject } from "./nagios-object.ts";
import type { Place } from "./place.ts";

/** A host group, service group or contact group with everybody in it, however they came in. */
export interface NagiosGroup<Member> {
  readonly name: string;
  readonly object: NagiosObject;
  readonly members: readonly Member[];
}

export interface NagiosHost {
  readonly name: string;
  readonly object: NagiosObject;
}

/** One service on one host. */
export interface NagiosService {
  readonly host: string;
  readonly description: string;
  readonly object: NagiosObject;
}

/** A service by name, or with `service` null a host. */
export interface Monitored {
  readonly host: string;
  readonly service: string | null;
}

/** One dependent on one master. */
export interface NagiosDependency {
  readonly master: Monitored;
  readonly dependent: Monitored;
  readonly object: NagiosObject;
}

/** One escalation of one host or service; Shinken's named escalations are among them. */
export interface NagiosEscalation {
  readonly of: Monitored;
  readonly object: NagiosObject;
}

export interface NagiosNamed {
  readonly name: string;
  readonly object: NagiosObject;
}

/** Everything configured, expanded: what nagios has in memory after start. Lists are in the order of their definitions. */
export interface NagiosConfiguration {
  readonly hosts: readonly NagiosHost[];
  readonly services: readonly NagiosService[];
  readonly hostGroups: readonly NagiosGroup<string>[];
  readonly serviceGroups: readonly NagiosGroup<Monitored & { readonly service: string }>[];
  readonly contacts: readonly NagiosNamed[];
  readonly contactGroups: readonly NagiosGroup<string>[];
  readonly commands: readonly NagiosNamed[];
  readonly timePeriods: readonly NagiosNamed[];
  readonly notificationWays: readonly NagiosNamed[];
  readonly dependencies: readonly NagiosDependency[];
  readonly escalations: readonly NagiosEscalation[];
  /** Definitions of any type that others may use by name; with what they inherit themselves. The first of each type and name. */
  readonly templates: readonly NagiosNamed[];
  /** Registered definitions of other types: what only a Shinken daemon reads, or nobody. */
  readonly others: readonly NagiosObject[];
}

/** What the main file says that matters for reading objects. */
export interface ReadingOptions {
  readonly isShinken: boolean;
  /** `use_regexp_matching`: names with * ? + or \. are regular expressions. */
  readonly hasRegexMatching: boolean;
  /** `use_true_regexp_matching`: every name is one. */
  readonly hasTrueRegexMatching: boolean;
}

/** Key of a monitored object in maps; no name has a NUL. Pure. */
export function monitoredKey({ host, service }: Monitored): string {
  return service === null ? host : `${host}\u0000${service}`;
}

/** Where something stands, for lists of what was found twice. */
export interface Found {
  readonly place: Place;
}
