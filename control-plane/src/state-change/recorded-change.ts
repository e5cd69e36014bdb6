import type { Dialect, Executor, Row } from "../database/dialect/dialect.ts";
import type { MonitoredHost, MonitoredService } from "../monitored/index.ts";
import type { EventHandlerQueue, HandledChange } from "./event-handler-queue.ts";
import type { NotificationDecider, NotificationOutcome, StateChangeRecord } from "./state-change-record.ts";
import type { HostCondition } from "./state-row-store.ts";
import type { OpenProblem, StateReport } from "./stored-state.ts";
import type { EndedAcknowledgement, TrackedEvent } from "./track-problem.ts";

/** A change of a transaction that is not stored yet: its problem may still lack an id. */
export interface PendingChange {
  readonly host: MonitoredHost;
  readonly service: MonitoredService | null;
  readonly tracked: TrackedEvent;
  readonly report: Pick<StateReport, "output" | "longOutput" | "perfdata">;
  readonly isFlapping: boolean;
}

/** Stores new problems, giving each its id, and the end of those that ended. */
export async function saveProblems(
  executor: Executor,
  dialect: Dialect,
  problems: ReadonlySet<OpenProblem>,
): Promise<void> {
  const columns = ["host_id", "service_id", "started_at_ms", "ended_at_ms", "thread_key"] as const;
  const rowOf = (problem: OpenProblem): Row => [
    problem.hostId,
    problem.serviceId,
    problem.startedAtMs,
    problem.endedAtMs,
    problem.threadKey,
  ];
  const opened = [...problems].filter((problem) => problem.id === null);
  const ended = [...problems].filter((problem) => problem.id !== null && problem.endedAtMs !== null);
  const endedRows = ended.map((problem) => [problem.id, ...rowOf(problem)]);
  await dialect.upsertMany(executor, "problem", ["id", ...columns], endedRows, ["id"], ["ended_at_ms"]);
  const ids = await dialect.insertManyReturningIds(executor, "problem", columns, opened.map(rowOf));
  for (const [index, problem] of opened.entries()) problem.id = ids[index] ?? null;
}

export async function endAcknowledgements(executor: Executor, ended: readonly EndedAcknowledgement[]): Promise<void> {
  for (const { id, reason, atMs } of ended) {
    await executor
      .updateTable("acknowledgement")
      .set({ ended_at_ms: atMs, end_reason: reason })
      .where("id", "=", id)
      .where("ended_at_ms", "is", null)
      .execute();
  }
}

const changeColumns = [
  "host_id",
  "service_id",
  "kind",
  "from_state",
  "to_state",
  "is_hard",
  "attempt",
  "output",
  "at_ms",
  "problem_id",
  "is_notified",
  "notification_reason",
  "notification_message",
] as const;

interface SaveChangesDependencies {
  readonly dialect: Dialect;
  readonly decider: NotificationDecider;
  readonly eventHandlers?: EventHandlerQueue;
}

/**
 * Asks who is told, and stores the changes with the answer, in order. `conditionOf` gives each host's condition after the transaction.
 * Call after `saveProblems`.
 */
export async function saveChanges(
  executor: Executor,
  { dialect, decider, eventHandlers }: SaveChangesDependencies,
  changes: readonly PendingChange[],
  conditionOf: (hostId: number) => HostCondition | undefined,
  nowMs: number,
): Promise<void> {
  if (changes.length === 0) return;
  const records = changes.map((change) => recordOf(change, conditionOf(change.host.id)?.isDown ?? false));
  const asked = [...records.keys()].filter((index) => isAsked(records[index]));
  const decision = await decider.decide(
    executor,
    asked.flatMap((index) => records[index] ?? []),
    nowMs,
  );
  const outcomes = new Map<number, NotificationOutcome>();
  for (const [position, index] of asked.entries()) {
    const outcome = decision.outcomes[position];
    if (outcome) outcomes.set(index, outcome);
  }
  const rows = records.map((record, index) => rowOfChange(record, outcomes.get(index)));
  const ids = await dialect.insertManyReturningIds(executor, "state_change", changeColumns, rows);
  await decision.enqueue(
    executor,
    asked.flatMap((index) => ids[index] ?? []),
  );
  if (eventHandlers === undefined) return;
  const handled = changes.flatMap((change, index) => handledChange(change, records[index], ids[index]) ?? []);
  if (handled.length > 0) await eventHandlers.queue(executor, handled, nowMs);
}

/** The change as event handlers are asked about it; undefined when they are not, or are switched off. */
function handledChange(
  { host, service }: PendingChange,
  record: StateChangeRecord | undefined,
  id: number | undefined,
): HandledChange | undefined {
  if (record === undefined || id === undefined || record.kind !== "state") return undefined;
  if (!(service ?? host).settings.isEventHandlerEnabled) return undefined;
  return { id, record, hostVariables: host.settings.variables, serviceVariables: service?.settings.variables ?? {} };
}

/** See NotificationDecider for what it is asked about. */
function isAsked(record: StateChangeRecord | undefined): boolean {
  if (record === undefined) return false;
  return record.isRecovery || (record.isHard && record.kind !== "stale-stop");
}

function recordOf(change: PendingChange, isHostDown: boolean): StateChangeRecord {
  const { host, service, tracked, report } = change;
  const { event, problem } = tracked;
  const { businessImpact, isNotificationEnabled } = (service ?? host).settings;
  return {
    host,
    serviceId: service?.id ?? null,
    serviceName: service?.name ?? null,
    kind: event.kind,
    fromState: event.fromState,
    toState: event.toState,
    isHard: event.isHard,
    attempt: event.attempt,
    maxCheckAttempts: event.maxCheckAttempts,
    output: report.output,
    longOutput: report.longOutput,
    perfdata: report.perfdata,
    atMs: event.atMs,
    problem:
      problem === null || problem.id === null
        ? null
        : { id: problem.id, startedAtMs: problem.startedAtMs, threadKey: problem.threadKey },
    isRecovery: tracked.isRecovery,
    isFlapping: change.isFlapping,
    acknowledgementId: tracked.acknowledgementId,
    endedAcknowledgementId: tracked.endedAcknowledgement?.id ?? null,
    businessImpact,
    isNotificationEnabled,
    isHostDown: service !== null && isHostDown,
  };
}

function rowOfChange(record: StateChangeRecord, outcome: NotificationOutcome | undefined): Row {
  return [
    record.host.id,
    record.serviceId,
    record.kind,
    record.fromState,
    record.toState,
    record.isHard ? 1 : 0,
    record.attempt,
    record.output,
    record.atMs,
    record.problem?.id ?? null,
    outcome === undefined ? null : outcome.isNotified ? 1 : 0,
    outcome?.reason ?? null,
    outcome?.message ?? null,
  ];
}
