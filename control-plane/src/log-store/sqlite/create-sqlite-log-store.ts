import { mkdir } from "node:fs/promises";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { LogBatch, LogQuestion, LogStore } from "../log-store.ts";
import { LogStoreBusyError } from "../log-store-error.ts";
import { formatRecordId, microsecondsPerDay, parseRecordId, timeOfRow } from "../record-id.ts";
import { createLogStoreMetrics } from "../store-metrics.ts";
import { createTailBus } from "../tail-bus.ts";
import { listDays } from "./day-files.ts";
import type { ReaderAnswers, ReaderQuestion } from "./reader/questions.ts";
import { createReaderPool } from "./reader/reader-pool.ts";
import { parseCursor } from "./reader/record-place.ts";
import { openShownPatterns } from "./shown-patterns.ts";
import type { AppendResult } from "./writer/messages.ts";
import { createWriterClient } from "./writer/writer-client.ts";

export interface SqliteLogStoreDependencies {
  /** Made when it is not there; nothing else is in it. */
  readonly directory: string;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** For questions that do not say how long they wait. */
const defaultPatienceMs = 60_000;
const readerThreads = 2;
/** Whoever opens a store is given time to get going before it readies itself for questions. */
const readyAfterMs = 2_000;
const maximumLimit = 1_000;

/** Opens the embedded store: a SQLite file for each UTC day of the records' times. Throws when the directory cannot be made. */
export async function createSqliteLogStore(dependencies: SqliteLogStoreDependencies): Promise<LogStore> {
  const { directory, logger, registry } = dependencies;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const metrics = createLogStoreMetrics(registry);
  const shownPatterns = await openShownPatterns(directory, logger);
  const bus = createTailBus();
  const writer = createWriterClient({ directory, logger });
  const readers = createReaderPool({
    directory,
    size: readerThreads,
    logger,
    onDamaged(damaged) {
      writer
        .quarantine(damaged)
        .catch((err: unknown) => logger.error({ err }, "a damaged file of logs cannot be put aside"));
    },
  });

  /** The first question would wait for a thread to start and to read the newest day's file; so it is asked before anybody does. */
  const readying = setTimeout(() => {
    const newest = listDays(directory).at(-1);
    if (newest === undefined) return;
    const range = { fromUs: newest * microsecondsPerDay, toUs: (newest + 1) * microsecondsPerDay };
    const everything = { ...range, condition: { kind: "all" }, scope: { kind: "all" }, patterns: [] } as const;
    const question = { kind: "search", ...everything, order: "newest", limit: 1, behind: null } as const;
    for (let thread = 0; thread < readerThreads; thread += 1) {
      readers
        .ask<"search">(question, defaultPatienceMs, new AbortController().signal)
        .catch((err: unknown) => logger.debug({ err }, "logs were not readied for questions"));
    }
  }, readyAfterMs);
  readying.unref();

  function publish({ records, receivedAtMs }: LogBatch, places: AppendResult["places"]): void {
    if (places === null) return;
    const { days, rowIds } = places;
    bus.publish(records, receivedAtMs, (index) => {
      const day = days[index] ?? Number.NaN;
      const rowId = rowIds[index] ?? Number.NaN;
      if (Number.isNaN(day) || Number.isNaN(rowId)) return null;
      return { id: formatRecordId(day, rowId), timeUs: timeOfRow(day, rowId) };
    });
  }

  async function ask<Kind extends ReaderQuestion["kind"]>(
    kind: Kind,
    question: ReaderQuestion & { readonly kind: Kind },
    patienceMs: number,
    signal: AbortSignal,
  ): Promise<ReaderAnswers[Kind]> {
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    try {
      const answer = await readers.ask<Kind>(question, patienceMs, signal);
      const isComplete = !("isComplete" in answer) || answer.isComplete;
      metrics.answered(kind, isComplete ? "complete" : "incomplete", seconds());
      return answer;
    } catch (error) {
      metrics.answered(kind, "failed", seconds());
      throw error;
    }
  }

  /** Without what belongs to this thread. */
  function askedOf({ fromUs, toUs, condition, scope }: LogQuestion) {
    return { fromUs, toUs, condition, scope, patterns: shownPatterns.askedBy(condition) };
  }

  return {
    async append(batch) {
      const start = performance.now();
      try {
        const result = await writer.append(batch, bus.hasFollowers());
        metrics.appended(result.stored, result.isDuplicate, (performance.now() - start) / 1000);
        publish(batch, result.places);
        return { stored: result.stored, isDuplicate: result.isDuplicate };
      } catch (error) {
        metrics.refused(error instanceof LogStoreBusyError ? "busy" : "fault");
        throw error;
      }
    },
    async search({ order, limit, cursor, ...question }) {
      const behind = cursor === null ? null : parseCursor(order, cursor);
      const bounded = Math.min(limit, maximumLimit);
      return await ask(
        "search",
        { kind: "search", ...askedOf(question), order, limit: bounded, behind },
        question.deadlineMs ?? defaultPatienceMs,
        question.signal,
      );
    },
    async histogram({ bins, ...question }) {
      const asked = { kind: "histogram", ...askedOf(question), bins } as const;
      return await ask("histogram", asked, question.deadlineMs ?? defaultPatienceMs, question.signal);
    },
    async top({ field, limit, ...question }) {
      const asked = { kind: "top", ...askedOf(question), field, limit } as const;
      return await ask("top", asked, question.deadlineMs ?? defaultPatienceMs, question.signal);
    },
    async fieldNames({ limit, ...question }) {
      const asked = { kind: "fieldNames", ...askedOf(question), limit } as const;
      return await ask("fieldNames", asked, question.deadlineMs ?? defaultPatienceMs, question.signal);
    },
    async patterns({ before, order, limit, ...question }) {
      const range = { fromUs: before.fromUs, toUs: before.toUs };
      const asked = { kind: "patterns", ...askedOf(question), before: range, order, limit } as const;
      const answer = await ask("patterns", asked, question.deadlineMs ?? defaultPatienceMs, question.signal);
      shownPatterns.remember(answer.patterns);
      return answer;
    },
    async context({ id, before, after, scope, signal }) {
      const place = parseRecordId(id);
      if (place === null) return [];
      const asked = { kind: "context", place, before, after, scope } as const;
      return await ask("context", asked, defaultPatienceMs, signal);
    },
    async count({ atMost, ...question }) {
      const asked = { kind: "count", ...askedOf(question), atMost } as const;
      return await ask("count", asked, question.deadlineMs ?? defaultPatienceMs, question.signal);
    },
    tail: (question) => bus.tail(question),
    maintain: async (retention, nowMs) => await writer.maintain(retention, nowMs),
    async status() {
      return { kind: "sqlite", waiting: writer.waiting(), ...(await writer.status()) };
    },
    async close() {
      clearTimeout(readying);
      bus.close();
      await readers.close();
      await writer.close();
      await shownPatterns.close();
    },
  };
}
