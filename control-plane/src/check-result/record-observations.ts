import { parsePluginOutput } from "@mycloud/checks/plugin-api";
import { acceptResult, markStale } from "@mycloud/checks/state";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import {
  type EventHandlerQueue,
  endAcknowledgements,
  type NotificationDecider,
  type StateReport,
  type StoredState,
  saveChanges,
  saveProblems,
  saveStates,
} from "../state-change/index.ts";
import { believeClock } from "./believe-clock.ts";
import type { IncomingResult, ResultOutcome } from "./incoming-result.ts";
import {
  findSubject,
  isReachableIn,
  isUpIn,
  type MeasuredResult,
  type Run,
  type Subject,
  startRun,
  track,
} from "./observation-run.ts";
import { renameHosts } from "./rename-hosts.ts";
import type { ResultForwarder } from "./result-forwarder.ts";
import { resultColumns, resultRow } from "./result-row.ts";

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
  readonly forwarder?: ResultForwarder;
  readonly eventHandlers?: EventHandlerQueue;
}

/** What a transaction changed, for the change bus after the commit. */
export interface RecordedObservations {
  readonly outcomes: readonly ResultOutcome[];
  /** How many silences still were so. */
  readonly silences: number;
  readonly hostIds: readonly number[];
  readonly serviceIds: readonly number[];
  readonly changeCount: number;
  readonly measured: readonly MeasuredResult[];
}

/**
 * Applies results and silences in the order given: locks the state rows, runs the state machine, stores history, states, problems, changes
 * and notifications. Everything in the transaction `tx`; publish what it answers after the commit.
 *
 * A result measured before the one that made the present state (late, from a spool or by another path) is kept in the history but moves
 * nothing: the present is the newest measurement. An agent that catches up sends its oldest first, so each of its results counts.
 *
 * Hosts reached through one that went down or came back are renamed DOWN or UNREACHABLE along with it, and so are `misnamedHosts`.
 */
export async function recordObservations(
  tx: Executor,
  dependencies: RecordDependencies,
  results: readonly IncomingResult[],
  silences: readonly NoticedSilence[],
  nowMs: number,
  misnamedHosts: readonly number[] = [],
): Promise<RecordedObservations> {
  const forwards = (await dependencies.forwarder?.begin(tx)) ?? null;
  const run = await startRun(tx, { ...dependencies, forwards }, [...results, ...silences], nowMs);
  const wasUp = new Map(Array.from(run.hostStates.keys(), (id) => [id, isUpIn(run, id)]));
  const outcomes = results.map((result) => applyResult(run, result));
  let silent = 0;
  for (const silence of silences) if (applySilence(run, silence)) silent++;
  const changedParents = [...wasUp].filter(([id, isUp]) => isUpIn(run, id) !== isUp).map(([id]) => id);
  const children = changedParents.flatMap((id) => run.parents.childrenOf(id));
  await renameHosts(tx, dependencies, run, [...children, ...misnamedHosts]);
  await saveRun(tx, dependencies, run);
  await run.forwards?.save();
  return {
    outcomes,
    silences: silent,
    hostIds: changedIds(run.hostStates),
    serviceIds: changedIds(run.serviceStates),
    changeCount: run.changes.length,
    measured: run.measured,
  };
}

function applyResult(run: Run, result: IncomingResult): ResultOutcome {
  const subject = findSubject(run, result);
  if (subject === undefined) {
    const isHostGone = result.serviceId === null || !run.hosts.has(result.hostId);
    return { isAccepted: false, code: isHostGone ? "MYCLOUD_UNKNOWN_HOST" : "MYCLOUD_UNKNOWN_SERVICE" };
  }
  const { settings } = subject.service ?? subject.host;
  const isSent = result.isPassive && result.isOwn !== true;
  if (isSent && !settings.isPassiveCheckEnabled) return { isAccepted: false, code: "MYCLOUD_PASSIVE_CHECKS_DISABLED" };
  const { lastCheckAtMs } = subject.stored.state;
  const { checkedAtMs, isClockSkewed } = believeClock(result.checkedAtMs, run.nowMs);
  const report = reportOf(result, isClockSkewed);
  const isLate = lastCheckAtMs !== null && checkedAtMs < lastCheckAtMs;
  if (!isLate) {
    const { returnCode, isPassive } = result;
    advance(run, subject, { returnCode, checkedAtMs, isPassive, isSent }, report);
    subject.stored.lastReceivedAtMs = run.nowMs;
    passOn(run, subject, report, checkedAtMs);
  }
  run.resultRows.push(resultRow(run.nowMs, subject.stored, result, checkedAtMs, report, isLate));
  const { host, service } = subject;
  const { perfdata } = report;
  if (perfdata !== "")
    run.measured.push({ hostName: host.name, serviceName: service?.name ?? null, perfdata, checkedAtMs });
  return { isAccepted: true, isClockSkewed };
}

interface Measurement {
  readonly returnCode: number;
  readonly checkedAtMs: number;
  /** Whether it is believed at once, as a passive host result is. */
  readonly isPassive: boolean;
  /** Whether somebody sent it; what we found out ourselves is judged by whether the host can be reached. */
  readonly isSent: boolean;
}

/** Takes a state one result further. */
function advance(run: Run, subject: Subject, measured: Measurement, report: StateReport): void {
  const { host, service, stored } = subject;
  const { policy, overdueAfterMs } = service ?? host;
  const isHostUp = run.hostConditions.get(host.id)?.isUp ?? true;
  const result = { ...measured, isHostUp, isReachable: measured.isSent || isReachableIn(run, host.id) };
  const outcome = acceptResult(service === null ? "host" : "service", stored.state, result, policy);
  stored.isPassive = measured.isSent;
  if (outcome.state.state !== 0) keepOkOutput(stored);
  stored.report = report;
  stored.overdueAtMs = overdueAfterMs === null ? null : run.nowMs + overdueAfterMs;
  track(run, subject, outcome, report);
}

/** Offers the state that a subject is in now to whoever passes results on. */
function passOn(run: Run, { host, service, stored }: Subject, report: StateReport, checkedAtMs: number): void {
  const { state, isHard } = stored.state;
  run.forwards?.take({ host, serviceName: service?.name ?? null, state, isHard, report, checkedAtMs });
}

/** Keeps the output of an OK state that is about to be left. */
function keepOkOutput(stored: StoredState): void {
  const { state, hasBeenChecked, isStale } = stored.state;
  if (!hasBeenChecked || state !== 0 || isStale) return;
  stored.lastOkOutput = stored.report === undefined ? "stored" : { text: stored.report.output };
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
    advance(run, subject, { returnCode: 1, checkedAtMs: run.nowMs, isPassive: true, isSent: false }, report);
    passOn(run, subject, report, run.nowMs);
  } else {
    const kind = service === null ? "host" : "service";
    keepOkOutput(stored);
    stored.report = report;
    track(run, subject, markStale(kind, stored.state, run.nowMs, (service ?? host).policy), report);
    // Others have no word for STALE. Silence from us would leave them with the last good state: UNKNOWN, of a host UNREACHABLE, is nearest.
    const told = { ...report, output: `STALE - ${report.output}` };
    const state = service === null ? 2 : 3;
    const serviceName = service?.name ?? null;
    run.forwards?.take({ host, serviceName, state, isHard: true, report: told, checkedAtMs: run.nowMs });
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
