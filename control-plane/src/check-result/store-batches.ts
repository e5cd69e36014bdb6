import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import type { IncomingResult, ResultBatch, StoredBatch } from "./incoming-result.ts";
import { type RecordDependencies, type RecordedObservations, recordObservations } from "./record-observations.ts";
import type { StoreBatches } from "./result-writer.ts";

export interface StoreBatchesDependencies extends Omit<RecordDependencies, "dialect"> {
  readonly database: ConnectedDatabase;
  readonly changes: ChangeBus;
  readonly now: () => number;
  /** Told how many results each commit stored. */
  readonly onStored?: (results: number, recorded: RecordedObservations) => void;
}

/** Batches of one group by identity: the first of each is stored, later ones of the same id share its answer. */
interface PlannedBatch {
  readonly batch: ResultBatch;
  readonly key: string | null;
  answer: string | null;
  isDuplicate: boolean;
}

/**
 * Makes the function that stores a group of batches in one transaction, batch ids included, and publishes after the commit. A batch id seen
 * before gets the answer stored then. Of two control planes that get the same batch at once, the second one's transaction fails on the
 * id's primary key, runs again and finds the first one's answer.
 */
export function createStoreBatches(dependencies: StoreBatchesDependencies): StoreBatches {
  const { database, changes, now, onStored } = dependencies;
  const { dialect } = database;

  async function storeOnce(batches: readonly ResultBatch[]): Promise<readonly StoredBatch[]> {
    let recorded: RecordedObservations | undefined;
    let stored = 0;
    const answers = await database.transaction(async (tx) => {
      const nowMs = now();
      const plan = planBatches(batches);
      await answerFromMemory(tx, plan);
      const fresh = plan.filter((planned) => planned.answer === null && !planned.isDuplicate);
      const results: IncomingResult[] = fresh.flatMap((planned) => planned.batch.results);
      recorded = await recordObservations(tx, { ...dependencies, dialect }, results, [], nowMs);
      stored = results.length;
      describeFresh(fresh, recorded);
      const remembered = fresh.filter((planned) => planned.key !== null);
      await dialect.insertMany(
        tx,
        "received_batch",
        ["sender", "batch_id", "received_at_ms", "answer_json"],
        remembered.map(({ batch, answer }) => [batch.sender, batch.batchId, nowMs, answer]),
      );
      return answersOf(plan);
    });
    if (recorded !== undefined) {
      publish(changes, recorded);
      onStored?.(stored, recorded);
    }
    return answers;
  }

  return async (batches) => {
    try {
      return await storeOnce(batches);
    } catch (error) {
      if (!dialect.isUniqueViolation(error) && !dialect.isForeignKeyViolation(error)) throw error;
      // The same batch, or a deletion, won a race. Definitions are read anew, so that what is gone is refused instead of failing again.
      dependencies.definitions.forget();
      return await storeOnce(batches);
    }
  };
}

function planBatches(batches: readonly ResultBatch[]): PlannedBatch[] {
  const seen = new Set<string>();
  return batches.map((batch) => {
    const key = batch.batchId === null ? null : keyOf(batch.sender, batch.batchId);
    const isDuplicate = key !== null && seen.has(key);
    if (key !== null) seen.add(key);
    return { batch, key, answer: null, isDuplicate };
  });
}

function keyOf(sender: string, batchId: string): string {
  return JSON.stringify([sender, batchId]);
}

async function answerFromMemory(tx: Executor, plan: readonly PlannedBatch[]): Promise<void> {
  const asked = plan.filter((planned) => planned.key !== null);
  if (asked.length === 0) return;
  const rows = await tx
    .selectFrom("received_batch")
    .select(["sender", "batch_id", "answer_json"])
    .where("sender", "in", [...new Set(asked.map(({ batch }) => batch.sender))])
    .where("batch_id", "in", [...new Set(asked.map(({ batch }) => batch.batchId ?? ""))])
    .execute();
  const answers = new Map(rows.map((row) => [keyOf(row.sender, row.batch_id), row.answer_json]));
  for (const planned of asked) {
    const answer = answers.get(planned.key ?? "");
    if (answer === undefined) continue;
    planned.answer = answer;
    planned.isDuplicate = true;
  }
}

function describeFresh(fresh: readonly PlannedBatch[], recorded: RecordedObservations): void {
  let at = 0;
  for (const planned of fresh) {
    const count = planned.batch.results.length;
    planned.answer = planned.batch.describe(recorded.outcomes.slice(at, at + count));
    at += count;
  }
}

function answersOf(plan: readonly PlannedBatch[]): StoredBatch[] {
  const byKey = new Map<string, string>();
  for (const { key, answer } of plan) if (key !== null && answer !== null) byKey.set(key, answer);
  return plan.map(({ key, answer, isDuplicate }) => ({
    answerJson: answer ?? byKey.get(key ?? "") ?? "null",
    isDuplicate,
  }));
}

// The status view reads the rows that are named; pages are told at most 500 (event/collect-events.ts).
const maximumIdsTold = 20_000;

/** Tells the rest of this process what a commit changed; too many to list are told as "many" (null). */
export function publish(changes: ChangeBus, recorded: RecordedObservations): void {
  const told = (ids: readonly number[]) => (ids.length > maximumIdsTold ? null : ids);
  if (recorded.serviceIds.length > 0) changes.publish("services", told(recorded.serviceIds));
  if (recorded.hostIds.length > 0) changes.publish("hosts", told(recorded.hostIds));
  if (recorded.changeCount > 0) changes.publish("state-changes", null);
}
