import { parsePluginOutput, toReturnCode } from "@mycloud/checks/plugin-api";
import { acceptResult, markStale, type Outcome } from "@mycloud/checks/state";
import type { Dialect, Executor, Row } from "../database/dialect/dialect.ts";
import { type DefinitionCache, type MonitoredHost, type MonitoredService, sortedIds } from "../monitored/index.ts";
import {
  type EndedAcknowledgement,
  endAcknowledgements,
  findHostConditions,
  type HostCondition,
  hostConditionOf,
  lockHostStates,
  lockServiceStates,
  type NotificationDecider,
  type OpenProblem,
  type PendingChange,
  type StateReport,
  type StoredState,
  saveChanges,
  saveProblems,
  saveStates,
  trackProblem,
} from "../state-change/index.ts";
import { believeClock } from "./believe-clock.ts";
import type { IncomingResult, ResultOutcome } from "./incoming-result.ts";

/** Silence noticed: no result or keepalive by `overdue_at_ms`. Judged again under the row's lock, since a result may have come meanwhile. */
export interface NoticedSilence {
  readonly hostId: number;
  readonly serviceId: number | null;
  /** `down`: an agent's host counts as DOWN. `stale`: nothing is known of it. */
  readonly verdict: "down" | "stale";
  readonly output: string;
}

export interface RecordDependencies {
  readonly dialect: Dialect;
  readonly definitions: DefinitionCache;
  readonly decider: NotificationDecider;
  readonly newThreadKey: () => string;
}

/** What a transaction changed, for the change bus after the commit. */
export interface RecordedObservations {
  readonly outcomes: readonly ResultOutcome[];
  /** How many silences still were so. */
  readonly silences: number;
  readonly hostIds: readonly number[];
  readonly serviceIds: readonly number[];
  readonly changeCount: number;
}

interface Observed {
  readonly hostId: number;
  readonly serviceId: number | null;
}

/**
 * Applies results and silences in the order given: locks the state rows, runs the state machine, stores history, states, problems, changes
 * and notifications. Everything in the transaction `tx`; publish what it answers after the commit.
 *
 * A result measured before the one that made the present state (late, from a spool or by another path) is kept in the history but moves
 * nothing: the present is the newest measurement. An agent that catches up sends its oldest first, so each of its results counts.
 */
export async function recordObservations(
  tx: Executor,
  dependencies: RecordDependencies,
  results: readonly IncomingResult[],
  silences: readonly NoticedSilence[],
  nowMs: number,
): Promise<RecordedObservations> {
  const run = await startRun(tx, dependencies, [...results, ...silences], nowMs);
  const outcomes = results.map((result) => applyResult(run, result));
  let silent = 0;
  for (const silence of silences) if (applySilence(run, silence)) silent++;
  await saveRun(tx, dependencies, run);
  return {
    outcomes,
    silences: silent,
    hostIds: changedIds(run.hostStates),
    serviceIds: changedIds(run.serviceStates),
    changeCount: run.changes.length,
  };
}

/** Everything one transaction works on. */
interface Run {
  readonly nowMs: number;
  readonly hosts: ReadonlyMap<number, MonitoredHost>;
  readonly definitions: DefinitionCache;
  readonly newThreadKey: () => string;
  readonly hostStates: ReadonlyMap<number, StoredState>;
  readonly serviceStates: ReadonlyMap<number, StoredState>;
  readonly hostConditions: Map<number, HostCondition>;
  readonly resultRows: Row[];
  readonly changes: PendingChange[];
  readonly problems: Set<OpenProblem>;
  readonly endedAcknowledgements: EndedAcknowledgement[];
}

async function startRun(
  tx: Executor,
  { dialect, definitions, newThreadKey }: RecordDependencies,
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
  const hostConditions = await findHostConditions(tx, dialect, sortedIds(hostIds));
  return {
    nowMs,
    hosts,
    definitions,
    newThreadKey,
    hostStates,
    serviceStates,
    hostConditions,
    resultRows: [],
    changes: [],
    problems: new Set(),
    endedAcknowledgements: [],
  };
}

/** What a result or silence is about. */
interface Subject {
  readonly host: MonitoredHost;
  /** Null for the host itself. */
  readonly service: MonitoredService | null;
  readonly stored: StoredState;
}

function findSubject(run: Run, { hostId, serviceId }: Observed): Subject | undefined {
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

function applyResult(run: Run, result: IncomingResult): ResultOutcome {
  const subject = findSubject(run, result);
  if (subject === undefined) {
    const isHostGone = result.serviceId === null || !run.hosts.has(result.hostId);
    return { isAccepted: false, code: isHostGone ? "MYCLOUD_UNKNOWN_HOST" : "MYCLOUD_UNKNOWN_SERVICE" };
  }
  const { lastCheckAtMs } = subject.stored.state;
  const { checkedAtMs, isClockSkewed } = believeClock(result.checkedAtMs, run.nowMs);
  const report = reportOf(result, isClockSkewed);
  const isLate = lastCheckAtMs !== null && checkedAtMs < lastCheckAtMs;
  if (!isLate) {
    advance(run, subject, { returnCode: result.returnCode, checkedAtMs, isPassive: result.isPassive }, report);
    subject.stored.lastReceivedAtMs = run.nowMs;
  }
  run.resultRows.push(resultRow(run, subject.stored, result, checkedAtMs, report, isLate));
  return { isAccepted: true, isClockSkewed };
}

/** Takes a state one result further. */
function advance(
  run: Run,
  subject: Subject,
  result: { readonly returnCode: number; readonly checkedAtMs: number; readonly isPassive: boolean },
  report: StateReport,
): void {
  const { host, service, stored } = subject;
  const { policy, overdueAfterMs } = service ?? host;
  const isHostUp = run.hostConditions.get(host.id)?.isUp ?? true;
  const outcome = acceptResult(service === null ? "host" : "service", stored.state, { ...result, isHostUp }, policy);
  if (outcome.state.state !== 0) keepOkOutput(stored);
  stored.report = report;
  stored.overdueAtMs = overdueAfterMs === null ? null : run.nowMs + overdueAfterMs;
  track(run, subject, outcome, report);
}

/** Keeps the output of an OK state that is about to be left. */
function keepOkOutput(stored: StoredState): void {
  const { state, hasBeenChecked, isStale } = stored.state;
  if (!hasBeenChecked || state !== 0 || isStale) return;
  stored.lastOkOutput = stored.report === undefined ? "stored" : { text: stored.report.output };
}

function track(run: Run, subject: Subject, outcome: Outcome, report: PendingChange["report"]): void {
  const { host, service, stored } = subject;
  for (const tracked of trackProblem(stored, outcome.state, outcome.events, run.newThreadKey)) {
    const { problem, endedAcknowledgement } = tracked;
    if (problem !== null && (problem.id === null || problem.endedAtMs !== null)) run.problems.add(problem);
    if (endedAcknowledgement !== null) run.endedAcknowledgements.push(endedAcknowledgement);
    run.changes.push({ host, service, tracked, report, isFlapping: stored.state.isFlapping });
  }
  if (service === null) run.hostConditions.set(host.id, hostConditionOf(stored.state));
}

function applySilence(run: Run, silence: NoticedSilence): boolean {
  const subject = findSubject(run, silence);
  if (subject === undefined) return false;
  const { stored, service, host } = subject;
  if (stored.overdueAtMs === null || stored.overdueAtMs > run.nowMs) return false;
  const report: StateReport = {
    output: silence.output,
    longOutput: "",
    perfdata: "",
    nextCheckAtMs: null,
    executionTimeSeconds: null,
    latencySeconds: null,
    isClockSkewed: false,
  };
  if (silence.verdict === "down") {
    advance(run, subject, { returnCode: 1, checkedAtMs: run.nowMs, isPassive: true }, report);
  } else {
    const kind = service === null ? "host" : "service";
    keepOkOutput(stored);
    stored.report = report;
    track(run, subject, markStale(kind, stored.state, run.nowMs, (service ?? host).policy), report);
  }
  // Judged once: the next result or keepalive sets the next deadline.
  stored.overdueAtMs = null;
  return true;
}

async function saveRun(tx: Executor, dependencies: RecordDependencies, run: Run): Promise<void> {
  const { dialect } = dependencies;
  await saveProblems(tx, dialect, run.problems);
  await endAcknowledgements(tx, run.endedAcknowledgements);
  // Sent without waiting for each other: while MariaDB works on one statement, this process writes the next.
  await allSettledOrThrow([
    saveStates(tx, dialect, run.hostStates.values()),
    saveStates(tx, dialect, run.serviceStates.values()),
    dialect.insertMany(tx, "check_result", resultColumns, run.resultRows),
  ]);
  await saveChanges(tx, dependencies, run.changes, (hostId) => run.hostConditions.get(hostId), run.nowMs);
}

/** As Promise.all, but the transaction is not rolled back under statements that still run. */
async function allSettledOrThrow(work: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(work)) if (outcome.status === "rejected") throw outcome.reason;
}

const resultColumns = [
  "host_id",
  "service_id",
  "return_code",
  "state",
  "is_hard",
  "attempt",
  "output",
  "long_output",
  "perfdata",
  "checked_at_ms",
  "received_at_ms",
  "execution_time_seconds",
  "latency_seconds",
  "is_clock_skewed",
] as const;

function resultRow(
  run: Run,
  stored: StoredState,
  result: IncomingResult,
  checkedAtMs: number,
  report: StateReport,
  isLate: boolean,
): Row {
  const { state } = stored;
  return [
    result.hostId,
    result.serviceId,
    result.returnCode,
    isLate ? stateOfCode(result) : state.state,
    state.isHard ? 1 : 0,
    state.attempt,
    report.output,
    report.longOutput,
    report.perfdata,
    checkedAtMs,
    run.nowMs,
    report.executionTimeSeconds,
    report.latencySeconds,
    report.isClockSkewed ? 1 : 0,
  ];
}

/** The state a return code means by itself, for a late result that the state machine never saw. */
function stateOfCode({ returnCode, serviceId }: IncomingResult): number {
  if (serviceId !== null) return toReturnCode(returnCode);
  return returnCode === 0 || returnCode === 2 ? returnCode : 1;
}

function reportOf(result: IncomingResult, isClockSkewed: boolean): StateReport {
  const { output, longOutput, perfdata } = parsePluginOutput(storable(result.output));
  return {
    output,
    longOutput,
    perfdata,
    nextCheckAtMs: result.nextCheckAtMs ?? null,
    executionTimeSeconds: result.executionTimeSeconds ?? null,
    latencySeconds: result.latencySeconds ?? null,
    isClockSkewed,
  };
}

/** Half surrogate pairs are no UTF-8, and a NUL ends a text in too many places; both are shown as the replacement character. */
function storable(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes("\0") ? wellFormed.replaceAll("\0", "\uFFFD") : wellFormed;
}

function changedIds(states: ReadonlyMap<number, StoredState>): number[] {
  const ids: number[] = [];
  for (const [id, state] of states) if (state.isChanged) ids.push(id);
  return ids;
}
