import {
  LogContext,
  LogContextQuery,
  LogExportQuery,
  LogFieldNames,
  LogFieldsQuery,
  LogHistogram,
  LogHistogramQuery,
  LogPage,
  LogPatterns,
  LogPatternsQuery,
  LogsQuery,
  LogTailEvent,
  LogTailQuery,
  LogTopQuery,
  LogTopValues,
} from "@mycloud/protocol/log-search";
import { z } from "zod";
import { NotFoundError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { begin, writePiece } from "../http/answer-in-pieces.ts";
import type { EventStreams } from "../http/event-stream.ts";
import { forViewers, type Route, type RouteInput, route } from "../http/route.ts";
import { createSlots } from "../http/slots.ts";
import type { LogQuestion, LogStore } from "../log-store/index.ts";
import { csvHead, csvOf, readRecords } from "./export-records.ts";
import { readCondition, readRange } from "./read-range.ts";
import { sendTail } from "./send-tail.ts";

export interface LogSearchDependencies {
  readonly store: LogStore;
  readonly streams: EventStreams;
  readonly now: () => number;
}

/** What was not found until then is not waited for: the answer says that it is incomplete. */
const patienceMs = 15_000;
const slotsPerAsker = 6;

type Asker = Pick<RouteInput<unknown, unknown, unknown>, "actor" | "scope" | "signal">;
type Range = Parameters<typeof readRange>[0];

/** Searching logs: everybody sees those of their own hosts. */
export function createLogSearchRoutes({ store, streams, now }: LogSearchDependencies): Route[] {
  const slots = createSlots("searches", { perKey: slotsPerAsker, waitingPerKey: 20 });

  /** Does the work when it is the asker's turn. */
  async function inTurn<Answer>({ actor, signal }: Asker, work: () => Promise<Answer>): Promise<Answer> {
    const giveBack = await slots.take(askerOf(actor), signal);
    try {
      return await work();
    } finally {
      giveBack();
    }
  }

  function questionOf(range: Range, { scope, signal }: Asker): LogQuestion {
    return { ...readRange(range, now()), scope, signal, deadlineMs: patienceMs };
  }

  return [
    route({
      method: "get",
      path: "/api/v1/logs",
      summary: "Search log records: words, phrases, field:value, severity>=warning",
      access: forViewers,
      query: LogsQuery,
      answer: LogPage,
      handle: async ({ query: { order, limit, cursor = null, ...range }, ...asker }) => {
        const question = questionOf(range, asker);
        return await inTurn(asker, () => store.search({ ...question, order, limit, cursor }));
      },
    }),
    route({
      method: "get",
      path: "/api/v1/logs/histogram",
      summary: "Count log records over time, by severity",
      access: forViewers,
      query: LogHistogramQuery,
      answer: LogHistogram,
      handle: async ({ query: { bins, ...range }, ...asker }) => {
        const question = questionOf(range, asker);
        return await inTurn(asker, () => store.histogram({ ...question, bins }));
      },
    }),
    route({
      method: "get",
      path: "/api/v1/logs/top",
      summary: "Count the most frequent values of a field of log records",
      access: forViewers,
      query: LogTopQuery,
      answer: LogTopValues,
      handle: async ({ query: { field, limit, ...range }, ...asker }) => {
        const question = questionOf(range, asker);
        return await inTurn(asker, () => store.top({ ...question, field, limit }));
      },
    }),
    route({
      method: "get",
      path: "/api/v1/logs/fields",
      summary: "Name the fields that log records have",
      access: forViewers,
      query: LogFieldsQuery,
      answer: LogFieldNames,
      handle: async ({ query: { limit, ...range }, ...asker }) => {
        const question = questionOf(range, asker);
        return { names: await inTurn(asker, () => store.fieldNames({ ...question, limit })) };
      },
    }),
    route({
      method: "get",
      path: "/api/v1/logs/patterns",
      summary: "Group log records by the constant part of their messages, and compare with the time before",
      access: forViewers,
      query: LogPatternsQuery,
      answer: LogPatterns,
      handle: async ({ query: { compareSeconds, order, limit, ...range }, ...asker }) => {
        const question = questionOf(range, asker);
        const before = { fromUs: Math.max(0, question.fromUs - compareSeconds * 1e6), toUs: question.fromUs };
        return await inTurn(asker, () => store.patterns({ ...question, before, order, limit }));
      },
    }),
    route({
      method: "get",
      path: "/api/v1/logs/export",
      summary: "Send all log records that match: JSON, one a line, or CSV",
      access: forViewers,
      query: LogExportQuery,
      answerKind: "stream",
      handle: async ({ query: { format, order, limit, ...range }, response, ...asker }) => {
        const { deadlineMs: _, ...question } = questionOf(range, asker);
        await inTurn(asker, async () => {
          const pages = readRecords(store, { ...question, order, limit });
          // What goes wrong with the first page is still answered as an error.
          let next = await pages.next();
          begin(response, format === "csv" ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson");
          response.setHeader("content-disposition", `attachment; filename="logs.${format}"`);
          if (format === "csv") await writePiece(response, csvHead);
          while (next.done !== true && !response.destroyed) {
            const lines = next.value.map((record) =>
              format === "csv" ? csvOf(record) : `${JSON.stringify(record)}\n`,
            );
            await writePiece(response, lines.join(""));
            next = await pages.next();
          }
          response.end();
        });
      },
    }),
    route({
      method: "get",
      path: "/api/v1/logs/tail",
      summary: "Stream log records as they come",
      access: forViewers,
      query: LogTailQuery,
      answer: LogTailEvent,
      answerKind: "stream",
      handle: async ({ query, scope, response }) => {
        const condition = readCondition(query.query);
        void sendTail({ store, condition, scope, response, stream: streams.open(response) });
      },
    }),
    route({
      method: "get",
      path: "/api/v1/logs/:id/context",
      summary: "Show what the same host wrote to the same log before and after a record",
      access: forViewers,
      params: z.object({ id: z.string().min(1).max(200) }),
      query: LogContextQuery,
      answer: LogContext,
      handle: async ({ params: { id }, query, ...asker }) => {
        const { scope, signal } = asker;
        const records = await inTurn(asker, () => store.context({ id, ...query, scope, signal }));
        if (records.length === 0) throw new NotFoundError(`there is no log record ${id}`);
        return { records: [...records] };
      },
    }),
  ];
}

/** Whose turn it is: a customer's people share theirs. Pure. */
function askerOf({ customer, kind, id }: Actor): string {
  return customer === null ? `${kind} ${id}` : `customer ${customer}`;
}
