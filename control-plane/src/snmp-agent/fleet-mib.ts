/**
 * Where MyCloud's objects are: below Net-SNMP's playpen, which is for private use. MyCloud has no enterprise number of its own; should it get one, this
 * constant and deploy/snmp/MYCLOUD-MIB.txt change.
 */
export const mycloudOid = "1.3.6.1.4.1.8072.9999.9999.1795";

/** The numbers of figures below `mycloudOid`.1.1, each with instance 0. */
export const figures = {
  hosts: 1,
  hostsDown: 2,
  hostsUnreachable: 3,
  hostsUnknown: 4,
  services: 5,
  servicesWarning: 6,
  servicesCritical: 7,
  servicesUnknown: 8,
  servicesWithoutState: 9,
  objectivesMet: 10,
  objectivesWarning: 11,
  objectivesMissed: 12,
  repositoriesWithoutObjective: 13,
} as const;
export type Figure = keyof typeof figures;

/** States of hosts as the MIB numbers them. */
export const hostStates = { up: 0, down: 1, unreachable: 2, pending: 8, stale: 9 } as const;
/** States of services as the MIB numbers them. */
export const serviceStates = { ok: 0, warning: 1, critical: 2, unknown: 3, pending: 8, stale: 9 } as const;

/** Columns below `mycloudOid`.1.2.1 (hosts) and .1.3.1 (services). */
export const hostColumns = { name: 2, state: 3, isHard: 4, lastChange: 5, isAcknowledged: 6, output: 7 } as const;
export const serviceColumns = {
  hostName: 3,
  name: 4,
  state: 5,
  isHard: 6,
  lastChange: 7,
  isAcknowledged: 8,
  output: 9,
} as const;
