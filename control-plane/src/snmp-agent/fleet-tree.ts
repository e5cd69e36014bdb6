import type { FreshnessState } from "@mycloud/protocol/backup-repository";
import type { BoundValue } from "../snmp-message/index.ts";
import type { ViewedHost, ViewedObject, ViewedService, ViewedState } from "../status-view/index.ts";
import {
  type Figure,
  figures,
  hostColumns,
  hostStates,
  mycloudOid,
  serviceColumns,
  serviceStates,
} from "./fleet-mib.ts";
import { compare, createOidTree, type OidColumn, type OidTree } from "./oid-tree.ts";

/** What is told of the whole. */
export interface Fleet {
  readonly hosts: readonly ViewedHost[];
  readonly services: readonly ViewedService[];
  readonly repositories: Readonly<Record<FreshnessState, number>>;
  readonly system: {
    readonly description: string;
    readonly name: string;
    /** Hundredths of a second since the control plane started. */
    readonly uptimeTicks: () => number;
  };
}

const longestText = 255;

/** The objects of a fleet. It takes some milliseconds for ten thousand services, and reads nothing. Pure. */
export function createFleetTree(fleet: Fleet): OidTree {
  const hosts = sorted(fleet.hosts.map((row) => ({ index: [row.id], row })));
  const services = sorted(fleet.services.map((row) => ({ index: [row.host.id, row.id], row })));
  const counted = countFigures(fleet);
  return createOidTree([
    ...systemGroup(fleet.system),
    ...Object.entries(figures).map(([name, number]) => {
      const value = isFigure(name) ? counted[name] : 0;
      return scalar(`${mycloudOid}.1.1.${number}`, () => ({ type: "gauge32", value }));
    }),
    ...hostTable(hosts),
    ...serviceTable(services),
  ]);
}

function isFigure(name: string): name is Figure {
  return Object.hasOwn(figures, name);
}

interface IndexedRow<Row> {
  readonly index: readonly number[];
  readonly row: Row;
}

function sorted<Row>(rows: IndexedRow<Row>[]): IndexedRow<Row>[] {
  return rows.sort((a, b) => compare(a.index, b.index));
}

/** SNMPv2-MIB's system group, of which managers ask first. */
function systemGroup({ description, name, uptimeTicks }: Fleet["system"]): OidColumn[] {
  const base = "1.3.6.1.2.1.1";
  return [
    scalar(`${base}.1`, () => text(description)),
    scalar(`${base}.2`, () => ({ type: "oid", value: mycloudOid })),
    scalar(`${base}.3`, () => ({ type: "timeticks", value: uptimeTicks() % 2 ** 32 })),
    scalar(`${base}.4`, () => text("")),
    scalar(`${base}.5`, () => text(name)),
    scalar(`${base}.6`, () => text("")),
    // Applications, end to end.
    scalar(`${base}.7`, () => ({ type: "integer", value: 72 })),
  ];
}

function hostTable(rows: readonly IndexedRow<ViewedHost>[]): OidColumn[] {
  const column = columnsBelow(`${mycloudOid}.1.2.1`, rows);
  return [
    column(hostColumns.name, ({ name }) => text(name)),
    column(hostColumns.state, ({ state }) => integer(hostStates[hostStateOf(state)])),
    ...common(column, hostColumns),
  ];
}

function serviceTable(rows: readonly IndexedRow<ViewedService>[]): OidColumn[] {
  const column = columnsBelow(`${mycloudOid}.1.3.1`, rows);
  return [
    column(serviceColumns.hostName, ({ host }) => text(host.name)),
    column(serviceColumns.name, ({ name }) => text(name)),
    column(serviceColumns.state, ({ state }) => integer(serviceStates[serviceStateOf(state)])),
    ...common(column, serviceColumns),
  ];
}

interface CommonColumns {
  readonly isHard: number;
  readonly lastChange: number;
  readonly isAcknowledged: number;
  readonly output: number;
}

function common<Row extends ViewedObject>(
  column: (number: number, make: (row: Row) => BoundValue) => OidColumn,
  numbers: CommonColumns,
): OidColumn[] {
  return [
    column(numbers.isHard, ({ state }) => truth(state.isHard)),
    column(numbers.lastChange, ({ state }) => ({
      type: "gauge32",
      value: Math.floor((state.lastStateChangeAtMs ?? 0) / 1000) % 2 ** 32,
    })),
    column(numbers.isAcknowledged, ({ state }) => truth(state.acknowledgementId !== null)),
    column(numbers.output, ({ state }) => text(state.output)),
  ];
}

function columnsBelow<Row>(base: string, rows: readonly IndexedRow<Row>[]) {
  const indices = rows.map(({ index }) => index);
  return (number: number, make: (row: Row) => BoundValue): OidColumn => ({
    oid: numbersOf(`${base}.${number}`),
    indices,
    valueAt(at) {
      const found = rows[at];
      return found === undefined ? { type: "noSuchInstance" } : make(found.row);
    },
  });
}

function scalar(oid: string, value: () => BoundValue): OidColumn {
  return { oid: numbersOf(oid), indices: [[0]], valueAt: value };
}

function numbersOf(oid: string): number[] {
  return oid.split(".").map(Number);
}

function countFigures({ hosts, services, repositories }: Fleet): Record<Figure, number> {
  const byHostState = countBy(hosts, hostStateOf);
  const byServiceState = countBy(services, serviceStateOf);
  return {
    hosts: hosts.length,
    hostsDown: byHostState.get("down") ?? 0,
    hostsUnreachable: byHostState.get("unreachable") ?? 0,
    hostsUnknown: (byHostState.get("pending") ?? 0) + (byHostState.get("stale") ?? 0),
    services: services.length,
    servicesWarning: byServiceState.get("warning") ?? 0,
    servicesCritical: byServiceState.get("critical") ?? 0,
    servicesUnknown: byServiceState.get("unknown") ?? 0,
    servicesWithoutState: (byServiceState.get("pending") ?? 0) + (byServiceState.get("stale") ?? 0),
    objectivesMet: repositories.OK,
    objectivesWarning: repositories.WARNING,
    objectivesMissed: repositories.CRITICAL,
    repositoriesWithoutObjective: repositories.none,
  };
}

function countBy<State>(objects: readonly ViewedObject[], stateOf: (state: ViewedState) => State): Map<State, number> {
  const counts = new Map<State, number>();
  for (const { state } of objects) {
    const name = stateOf(state);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function hostStateOf({ state, hasBeenChecked, isStale }: ViewedState): keyof typeof hostStates {
  if (!hasBeenChecked) return "pending";
  if (isStale) return "stale";
  return state === 0 ? "up" : state === 2 ? "unreachable" : "down";
}

function serviceStateOf({ state, hasBeenChecked, isStale }: ViewedState): keyof typeof serviceStates {
  if (!hasBeenChecked) return "pending";
  if (isStale) return "stale";
  return (["ok", "warning", "critical"] as const)[state] ?? "unknown";
}

function integer(value: number): BoundValue {
  return { type: "integer", value };
}

/** SNMPv2-TC's TruthValue. */
function truth(claim: boolean): BoundValue {
  return integer(claim ? 1 : 2);
}

/** At most 255 octets of UTF-8, cut at a character's end. */
function text(value: string): BoundValue {
  const octets = Buffer.from(value);
  if (octets.length <= longestText) return { type: "octets", value: octets };
  let end = longestText;
  while (end > 0 && ((octets[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return { type: "octets", value: octets.subarray(0, end) };
}
