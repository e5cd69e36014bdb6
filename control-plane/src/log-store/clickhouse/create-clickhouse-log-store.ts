import { randomBytes } from "node:crypto";
import type { LogRecord } from "@mycloud/protocol/log-record";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { InputError } from "../../error/index.ts";
import type { LogQuestion, LogStore } from "../log-store.ts";
import { LogStoreBusyError } from "../log-store-error.ts";
import type { ClickHouseLocation } from "../log-store-location.ts";
import { createLogStoreMetrics } from "../store-metrics.ts";
import { createBatchQueue } from "./batch-queue.ts";
import { createClickHouseClient } from "./client.ts";
import { scopeSql } from "./condition-sql.ts";
import { countUpTo, fieldNames, histogram, top } from "./counting.ts";
import { literal } from "./literal.ts";
import { maintain, sizeOf } from "./maintain.ts";
import { patterns } from "./patterns.ts";
import { createReading, inTime, type Reading } from "./reading.ts";
import { parsePlace, type RecordRow, type RowPlace, recordColumns, recordOf } from "./rows.ts";
import { createTables } from "./schema.ts";
import { search } from "./search.ts";
import { createShownPatterns } from "./shown-patterns.ts";
import { followTable } from "./tail.ts";
import { writeBatches } from "./write-batches.ts";

export interface ClickHouseLogStoreDependencies {
  readonly location: ClickHouseLocation;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** Until retention is known, records of the last four hundred days are stored where they belong. */
const defaultDays = 400;
const maximumLimit = 1_000;
const dayUs = 86_400_000_000;
/** How far from a record its neighbours are looked for. */
const contextDays = 7;

/** Opens the store in ClickHouse, of which 18.16 or later will do; makes its tables. Throws when the server cannot be reached or refuses. */
export async function createClickHouseLogStore(dependencies: ClickHouseLogStoreDependencies): Promise<LogStore> {
  const { location, logger, registry } = dependencies;
  const { database } = location;
  const client = createClickHouseClient(location);
  await createTables(client, database);
  const metrics = createLogStoreMetrics(registry);
  const shownPatterns = createShownPatterns(client, database);
  const starting = new Set<Promise<void>>();
  const ended = new AbortController();
  let retentionDays = defaultDays;
  const queue = createBatchQueue(async (batches) => {
    // What comes behind the beginning of a tail is seen by it.
    await Promise.allSettled(starting);
    return await writeBatches(
      {
        client,
        database,
        oldestDay: (receivedDay) => receivedDay - retentionDays,
        newSequence: () => randomBytes(8).readBigUInt64BE(0) >> 21n,
      },
      batches,
    );
  });

  async function ask<Answer>(
    kind: string,
    question: Omit<LogQuestion, "fromUs" | "toUs">,
    work: (reading: Reading) => Promise<Answer>,
  ): Promise<Answer> {
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    try {
      question.signal.throwIfAborted();
      const templates = await shownPatterns.askedBy(question.condition);
      const answer = await work(createReading(client, database, question, templates));
      metrics.answered(kind, "complete", seconds());
      return answer;
    } catch (error) {
      metrics.answered(kind, "failed", seconds());
      throw error;
    }
  }

  async function neighbours(
    reading: Reading,
    record: LogRecord,
    place: RowPlace,
    order: "newest" | "oldest",
    limit: number,
  ): Promise<LogRecord[]> {
    if (limit <= 0) return [];
    const { timeUs } = place;
    const { host, hostId, customer, source } = record;
    const isSame = [
      `host = ${literal(host)}`,
      `source = ${literal(source)}`,
      hostId === null ? "isNull(host_id)" : `ifNull(host_id = ${hostId}, 0)`,
      customer === null ? "isNull(customer)" : `ifNull(customer = ${literal(customer)}, 0)`,
    ].join(" and ");
    const range =
      order === "newest"
        ? { fromUs: Math.max(0, timeUs - contextDays * dayUs), toUs: timeUs + 1 }
        : { fromUs: timeUs, toUs: timeUs + contextDays * dayUs };
    const asked = { ...reading, matches: `${reading.matches} and ${isSame}` };
    return [...(await search(asked, range, order, Math.min(limit, maximumLimit), place)).records];
  }

  return {
    async append(batch) {
      const start = performance.now();
      try {
        const result = await queue.append(batch);
        metrics.appended(result.stored, result.isDuplicate, (performance.now() - start) / 1000);
        return result;
      } catch (error) {
        metrics.refused(error instanceof LogStoreBusyError ? "busy" : "fault");
        throw error;
      }
    },
    async search({ order, limit, cursor, ...question }) {
      const behind = cursor === null ? null : placeOfCursor(order, cursor);
      const bounded = Math.min(limit, maximumLimit);
      return await ask("search", question, (reading) => search(reading, question, order, bounded, behind));
    },
    histogram: async ({ bins, ...question }) =>
      await ask("histogram", question, (reading) => histogram(reading, question, bins)),
    top: async ({ field, limit, ...question }) =>
      await ask("top", question, (reading) => top(reading, question, field, limit)),
    fieldNames: async ({ limit, ...question }) =>
      await ask("fieldNames", question, (reading) => fieldNames(reading, question, limit)),
    async patterns({ before, order, limit, ...question }) {
      const answer = await ask("patterns", question, (reading) => patterns(reading, question, before, order, limit));
      await shownPatterns.remember(answer.patterns).catch((err: unknown) => {
        logger.warn({ err }, "patterns cannot be remembered");
      });
      return answer;
    },
    async context({ id, before, after, scope, signal }) {
      const place = parsePlace(id);
      if (place === null) return [];
      return await ask("context", { condition: { kind: "all" }, scope, signal }, async (reading) => {
        const rows = inTime(
          await reading.query<RecordRow>(
            `select ${recordColumns} from ${reading.table}
             where time_us = ${place.timeUs} and seq = ${place.seq} and ${scopeSql(scope)}`,
          ),
        );
        const [row] = rows;
        if (row === undefined) return [];
        const record = recordOf(row);
        const earlier = await neighbours(reading, record, place, "newest", before);
        const later = await neighbours(reading, record, place, "oldest", after);
        return [...earlier.reverse(), record, ...later];
      });
    },
    count: async ({ atMost, ...question }) =>
      await ask("count", question, (reading) => countUpTo(reading, question, atMost)),
    tail(question) {
      const signal = AbortSignal.any([question.signal, ended.signal]);
      const { batches, started } = followTable(client, database, { ...question, signal });
      starting.add(started);
      const forget = () => starting.delete(started);
      started.then(forget, forget);
      return endsWith(batches, ended.signal);
    },
    async maintain(retention, nowMs) {
      retentionDays = retention.days;
      return await maintain(client, database, retention, nowMs);
    },
    async status() {
      const quarantined: never[] = [];
      try {
        const { records, bytes } = await sizeOf(client, database);
        const [first] = await client.query<{ us: string }>(`select min(time_us) as us from ${database}.log_record`);
        const oldestUs = records === 0 ? null : Number(first?.us);
        return {
          kind: "clickhouse",
          records,
          bytes,
          oldestUs,
          waiting: queue.waiting(),
          fault: queue.fault(),
          quarantined,
        };
      } catch (error) {
        const fault = error instanceof Error ? error.message : String(error);
        return {
          kind: "clickhouse",
          records: 0,
          bytes: 0,
          oldestUs: null,
          waiting: queue.waiting(),
          fault,
          quarantined,
        };
      }
    },
    async close() {
      ended.abort();
      await queue.close();
    },
  };
}

function placeOfCursor(order: "newest" | "oldest", cursor: string): RowPlace {
  const place = parsePlace(cursor.slice(1));
  if (place === null || cursor[0] !== (order === "newest" ? "n" : "o")) {
    throw new InputError("the cursor is not one of this question's pages");
  }
  return place;
}

/** Ends what is followed without an error when the store is closed. */
async function* endsWith<Item>(items: AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
