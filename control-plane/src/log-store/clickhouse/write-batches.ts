import { randomUUID } from "node:crypto";
import type { LogBatch } from "../log-store.ts";
import { LogStoreBusyError, LogStoreFaultError } from "../log-store-error.ts";
import { describeTime, type Placement, placeRecords } from "../place-records.ts";
import { dayName, dayOf } from "../record-id.ts";
import type { ClickHouseClient } from "./client.ts";
import { literal } from "./literal.ts";
import { chunkNumber, insertedColumns, rowOf } from "./rows.ts";

/** How one batch fared. */
export type BatchOutcome = { readonly stored: number; readonly isDuplicate: boolean } | Error;

export interface WriteOptions {
  readonly client: ClickHouseClient;
  readonly database: string;
  /** Records of days before this one are stored when they were received. */
  readonly oldestDay: (receivedDay: number) => number;
  /** 43 random bits: what follows a row's place in its own batch. */
  readonly newSequence: () => bigint;
}

interface Work {
  readonly batch: LogBatch;
  readonly chunk: string;
  readonly receivedAtMs: number;
  readonly placement: Placement;
  readonly timesUs: Float64Array;
  /** Days of which it is stored already. */
  readonly storedDays: ReadonlySet<number>;
  stored: number;
  error: Error | null;
}

interface KnownChunk {
  readonly isDone: boolean;
  readonly receivedAtMs: number;
  readonly queries: readonly string[];
}

/**
 * Stores batches together. A chunk is written down as pending before its records are inserted and as done behind them; of a chunk that comes again while
 * it is pending, what an earlier attempt has stored is found by the chunk's number, and left out. Records of one day are one insert, which ClickHouse
 * does wholly or not at all, since a day is a partition.
 */
export async function writeBatches(options: WriteOptions, batches: readonly LogBatch[]): Promise<BatchOutcome[]> {
  const { client, database } = options;
  const group = `mycloud-${randomUUID()}`;
  const first = firstOfEach(batches);
  const known = await findChunks(options, batches);
  const found = await findStored(options, known, batches);
  const outcomes = new Map<number, BatchOutcome>();
  const works = new Map<number, Work>();
  for (const [index, batch] of batches.entries()) {
    if (first[index] !== index) continue;
    const chunk = batch.chunk === null ? null : known.get(keyOf(batch.chunk.sender, batch.chunk.id));
    if (chunk?.isDone === true) outcomes.set(index, { stored: 0, isDuplicate: true });
    else if (chunk?.queries.some((query) => found.running.has(query))) outcomes.set(index, new LogStoreBusyError());
    else works.set(index, prepare(options, batch, chunk?.receivedAtMs ?? null, found.days));
  }

  const marked = [...works.values()];
  await markChunks(client, database, marked, group, false);
  for (const [day, parts] of partsByDay(marked)) await insertDay(options, group, day, parts);
  await markChunks(
    client,
    database,
    marked.filter(({ error }) => error === null),
    group,
    true,
  );
  for (const [index, work] of works) outcomes.set(index, outcomeOf(work));
  return batches.map((_, index) => {
    const outcome = outcomes.get(first[index] ?? index) ?? new LogStoreBusyError();
    return first[index] === index || outcome instanceof Error ? outcome : { stored: 0, isDuplicate: true };
  });
}

/** For each batch the first that has its chunk. Pure. */
function firstOfEach(batches: readonly LogBatch[]): number[] {
  const first = new Map<string, number>();
  return batches.map(({ chunk }, index) => {
    if (chunk === null) return index;
    const key = keyOf(chunk.sender, chunk.id);
    const known = first.get(key) ?? index;
    first.set(key, known);
    return known;
  });
}

async function insertDay(
  options: WriteOptions,
  group: string,
  day: number,
  parts: readonly { readonly work: Work; readonly indices: readonly number[] | null }[],
): Promise<void> {
  try {
    const rows = parts.flatMap(({ work, indices }) => rowsOf(options, work, day, indices));
    await options.client.run(`insert into ${options.database}.log_record (${insertedColumns}) format JSONEachRow`, {
      body: rows.join("\n"),
      queryId: `${group}-${day}`,
      timeoutMs: 60_000,
    });
    for (const { work, indices } of parts) work.stored += indices?.length ?? work.timesUs.length;
  } catch (error) {
    for (const { work } of parts) work.error = faultOf(error);
  }
}

function outcomeOf({ batch, stored, error }: Work): BatchOutcome {
  return error ?? { stored, isDuplicate: batch.chunk !== null && stored === 0 && batch.records.length > 0 };
}

/** What was written down of these batches' chunks. */
async function findChunks(
  { client, database }: WriteOptions,
  batches: readonly LogBatch[],
): Promise<Map<string, KnownChunk>> {
  const asked = batches.flatMap(({ chunk }) =>
    chunk === null ? [] : [`(${literal(chunk.sender)}, ${literal(chunk.id)})`],
  );
  if (asked.length === 0) return new Map();
  const rows = await client.query<{
    sender: string;
    chunk: string;
    done: number;
    received: string;
    queries: string[];
  }>(
    `select sender, chunk, max(is_done) as done, min(received_at_ms) as received, groupUniqArray(query) as queries
     from ${database}.log_chunk where (sender, chunk) in (${[...new Set(asked)].join(", ")}) group by sender, chunk`,
  );
  return new Map(
    rows.map(({ sender, chunk, done, received, queries }) => [
      keyOf(sender, chunk),
      { isDone: done === 1, receivedAtMs: Number(received), queries },
    ]),
  );
}

/** Of pending chunks: which of their days are stored, and which of their inserts go on still. */
async function findStored(
  { client, database }: WriteOptions,
  known: ReadonlyMap<string, KnownChunk>,
  batches: readonly LogBatch[],
): Promise<{ readonly days: ReadonlyMap<string, ReadonlySet<number>>; readonly running: ReadonlySet<string> }> {
  const pending = batches.flatMap(({ chunk }) => {
    const before = chunk === null ? undefined : known.get(keyOf(chunk.sender, chunk.id));
    return chunk === null || before === undefined || before.isDone ? [] : [{ chunk, before }];
  });
  const days = new Map<string, Set<number>>();
  if (pending.length === 0) return { days, running: new Set() };
  // First the inserts, then the rows: one that ends in between is seen by the second question.
  const processes = await client.query<{ query_id: string }>("select query_id from system.processes");
  const queries = pending.flatMap(({ before }) => before.queries);
  const running = queries.filter((query) => processes.some(({ query_id }) => query_id.startsWith(query)));
  const numbers = pending.map(({ chunk }) => chunkNumber(chunk));
  const rows = await client.query<{ chunk: string; day: string }>(
    `select chunk, day from ${database}.log_record where chunk in (${numbers.join(", ")}) group by chunk, day`,
  );
  for (const { chunk, day } of rows) {
    const known = days.get(chunk) ?? new Set();
    known.add(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
    days.set(chunk, known);
  }
  return { days, running: new Set(running) };
}

function prepare(
  { oldestDay }: WriteOptions,
  batch: LogBatch,
  firstReceivedAtMs: number | null,
  stored: ReadonlyMap<string, ReadonlySet<number>>,
): Work {
  // What is stored at its time of receipt has the same one at each attempt.
  const receivedAtMs = firstReceivedAtMs ?? batch.receivedAtMs;
  const timesUs = Float64Array.from(batch.records, ({ timeUs }) => timeUs);
  const placement = placeRecords({ receivedAtMs, timesUs }, oldestDay(dayOf(receivedAtMs * 1000)));
  const chunk = batch.chunk === null ? "0" : chunkNumber(batch.chunk);
  const storedDays = stored.get(chunk) ?? new Set();
  return { batch, chunk, receivedAtMs, placement, timesUs, storedDays, stored: 0, error: null };
}

function partsByDay(works: readonly Work[]): Map<number, { work: Work; indices: readonly number[] | null }[]> {
  const byDay = new Map<number, { work: Work; indices: readonly number[] | null }[]>();
  for (const work of works) {
    for (const { day, indices } of work.placement.parts) {
      if (work.chunk !== "0" && work.storedDays.has(day)) continue;
      const parts = byDay.get(day) ?? [];
      parts.push({ work, indices });
      byDay.set(day, parts);
    }
  }
  return byDay;
}

function rowsOf({ newSequence }: WriteOptions, work: Work, day: number, indices: readonly number[] | null): string[] {
  const base = newSequence() << 20n;
  const { batch, timesUs, placement, receivedAtMs, chunk } = work;
  return [...(indices ?? timesUs.keys())].flatMap((index, place) => {
    const record = batch.records[index];
    if (record === undefined) return [];
    const original = placement.disbelieved.get(index);
    const more = original === undefined ? {} : { original_time: describeTime(original) };
    const timeUs = timesUs[index] ?? 0;
    return [rowOf(record, { day, timeUs, seq: base + BigInt(place), receivedAtMs, chunk }, more)];
  });
}

async function markChunks(
  client: ClickHouseClient,
  database: string,
  works: readonly Work[],
  query: string,
  isDone: boolean,
): Promise<void> {
  const rows = works.flatMap(({ batch: { chunk }, receivedAtMs }) =>
    chunk === null
      ? []
      : [
          JSON.stringify({
            received_day: dayName(dayOf(receivedAtMs * 1000)),
            received_at_ms: receivedAtMs,
            sender: chunk.sender.toWellFormed(),
            chunk: chunk.id.toWellFormed(),
            is_done: isDone ? 1 : 0,
            query,
          }),
        ],
  );
  if (rows.length === 0) return;
  // Chunks of several days of receipt would be several partitions: there are rarely more than one in a group, and then it is written down per day.
  const byDay = Map.groupBy(rows, (row) => JSON.parse(row).received_day);
  for (const body of byDay.values()) {
    await client.run(`insert into ${database}.log_chunk format JSONEachRow`, { body: body.join("\n") });
  }
}

function keyOf(sender: string, id: string): string {
  return `${sender}\0${id}`;
}

function faultOf(error: unknown): Error {
  return error instanceof LogStoreBusyError
    ? error
    : new LogStoreFaultError("logs cannot be stored in ClickHouse", error);
}
