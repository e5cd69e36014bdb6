import type { Outcome } from "@mycloud/checks/state";
import type { Executor, Row } from "../database/dialect/dialect.ts";
import { type DefinitionCache, type MonitoredHost, type MonitoredService, sortedIds } from "../monitored/index.ts";
import { isReachable, type ParentGraph } from "../reachability/parent-graph.ts";
import {
  type EndedAcknowledgement,
  findHostConditions,
  type HostCondition,
  hostConditionOf,
  lockHostStates,
  lockServiceStates,
  type OpenProblem,
  type PendingChange,
  type StoredState,
  trackProblem,
} from "../state-change/index.ts";
import type { RecordDependencies } from "./record-observations.ts";
import type { ForwardRun } from "./result-forwarder.ts";

/** A result's perfdata, as text, and when it was measured. */
export interface MeasuredResult {
  readonly hostName: string;
  /** Null for the host itself. */
  readonly serviceName: string | null;
  readonly perfdata: string;
  readonly checkedAtMs: number;
}

/** What a result or silence is of. */
export interface Observed {
  readonly hostId: number;
  /** Null for the host itself. */
  readonly serviceId: number | null;
}

/** Everything one transaction works on. */
export interface Run {
  readonly nowMs: number;
  readonly hosts: Map<number, MonitoredHost>;
  readonly parents: ParentGraph;
  readonly definitions: DefinitionCache;
  readonly newThreadKey: () => string;
  readonly hostStates: Map<number, StoredState>;
  readonly serviceStates: ReadonlyMap<number, StoredState>;
  readonly hostConditions: Map<number, HostCondition>;
  readonly resultRows: Row[];
  /** Results that bring perfdata, late ones among them. */
  readonly measured: MeasuredResult[];
  /** Null when nobody wants results passed on. */
  readonly forwards: ForwardRun | null;
  readonly changes: PendingChange[];
  readonly problems: Set<OpenProblem>;
  readonly endedAcknowledgements: EndedAcknowledgement[];
}

/** Locks and reads all that observations of these are going to touch. */
export async function startRun(
  tx: Executor,
  { dialect, definitions, newThreadKey, forwards }: RecordDependencies & Pick<Run, "forwards">,
  observed: readonly Observed[],
  nowMs: number,
): Promise<Run> {
  const hostIds = new Set(observed.map((one) => one.hostId));
  const hosts = await definitions.hostsById(tx, hostIds);
  const hostOfService = new Map<number, number>();
  const lockedHosts: number[] = [];
  for (const { hostId, serviceId } of observed) {
    if (serviceId === null) lockedHosts.push(hostId);
    else {
      const host = hosts.get(hostId);
      if (host && definitions.serviceOf(host, serviceId)) hostOfService.set(serviceId, hostId);
    }
  }
  // Hosts before services, everywhere: one order of locks.
  const hostStates = await lockHostStates(tx, dialect, sortedIds(lockedHosts));
  const serviceStates = await lockServiceStates(tx, dialect, sortedIds(hostOfService.keys()), (id) =>
    hostOfService.get(id),
  );
  const parents = await definitions.parents(tx);
  const seenThrough = lockedHosts.flatMap((id) => parents.parentsOf(id));
  const hostConditions = await findHostConditions(tx, dialect, sortedIds([...hostIds, ...seenThrough]));
  return {
    nowMs,
    hosts: new Map(hosts),
    parents,
    definitions,
    newThreadKey,
    hostStates,
    serviceStates,
    hostConditions,
    forwards,
    resultRows: [],
    measured: [],
    changes: [],
    problems: new Set(),
    endedAcknowledgements: [],
  };
}

/** What a result or silence is about. */
export interface Subject {
  readonly host: MonitoredHost;
  /** Null for the host itself. */
  readonly service: MonitoredService | null;
  readonly stored: StoredState;
}

/** Undefined when it is gone, or not of that host. */
export function findSubject(run: Run, { hostId, serviceId }: Observed): Subject | undefined {
  const host = run.hosts.get(hostId);
  if (host === undefined) return undefined;
  if (serviceId === null) {
    const stored = run.hostStates.get(hostId);
    return stored && { host, service: null, stored };
  }
  const service = run.definitions.serviceOf(host, serviceId);
  const stored = run.serviceStates.get(serviceId);
  return service && stored && { host, service, stored };
}

/** Moves a subject to its next state and notes what that means: changes, problems, acknowledgements that end. */
export function track(run: Run, subject: Subject, outcome: Outcome, report: PendingChange["report"]): void {
  const { host, service, stored } = subject;
  for (const tracked of trackProblem(stored, outcome.state, outcome.events, run.newThreadKey)) {
    const { problem, endedAcknowledgement } = tracked;
    if (problem !== null && (problem.id === null || problem.endedAtMs !== null)) run.problems.add(problem);
    if (endedAcknowledgement !== null) run.endedAcknowledgements.push(endedAcknowledgement);
    run.changes.push({ host, service, tracked, report, isFlapping: stored.state.isFlapping });
  }
  if (service === null) run.hostConditions.set(host.id, hostConditionOf(stored.state));
}

/** Whether a host can be relied on to be UP; behind one that is stale nothing can be seen. */
export function isUpIn(run: Run, hostId: number): boolean {
  const condition = run.hostConditions.get(hostId);
  return condition === undefined || (condition.isUp && !condition.isDown);
}

/** Whether a host is reached through nobody, or through one that is UP. */
export function isReachableIn(run: Run, hostId: number): boolean {
  return isReachable(run.parents, hostId, (parentId) => isUpIn(run, parentId));
}
