import { ProblemLogs } from "@mycloud/protocol/problem-log";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { DomainError } from "../error/index.ts";
import { findHost } from "../host/store.ts";
import { IdParams } from "../http/id-params.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import type { LogStore } from "../log-store/index.ts";
import { findService } from "../service/store.ts";
import { readProblemLogs } from "./read-problem-logs.ts";
import { findKept } from "./store.ts";

export interface ProblemLogRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly store: LogStore;
  readonly now: () => number;
}

interface Subject {
  readonly hostName: string;
  readonly customer: string | null;
  readonly problemId: number | null;
}

/** What a host logged around a problem, for its page. */
export function createProblemLogRoutes({ database, store, now }: ProblemLogRoutesDependencies): Route[] {
  const { db, dialect } = database;

  async function answer(subject: Subject, signal: AbortSignal): Promise<ProblemLogs> {
    const nothing = { startedAtMs: null, keptAtMs: null, records: [], patterns: [] };
    const problem =
      subject.problemId === null
        ? undefined
        : await db.selectFrom("problem").select("started_at_ms").where("id", "=", subject.problemId).executeTakeFirst();
    if (subject.problemId === null || problem === undefined) return { ...nothing, message: "There is no problem." };
    const { started_at_ms: startedAtMs } = problem;
    const kept = await findKept(db, subject.problemId);
    if (kept !== null) return { startedAtMs, ...kept, message: messageOf(kept.records) };
    try {
      const logs = await readProblemLogs(store, { ...subject, startedAtMs }, signal);
      return { startedAtMs, keptAtMs: null, ...logs, message: messageOf(logs.records) };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { ...nothing, startedAtMs, message: error.message };
    }
  }

  return [
    route({
      method: "get",
      path: "/api/v1/services/:id/problem-logs",
      summary: "What the host logged around the beginning of the problem, and what it said more often than before",
      access: forViewers,
      params: IdParams,
      answer: ProblemLogs,
      handle: async ({ params: { id }, scope, signal }) => {
        const { hostId, problemId } = await findService(db, dialect, scope, id, now());
        const { name, customer } = await findHost(db, dialect, scope, hostId, now());
        return await answer({ hostName: name, customer, problemId }, signal);
      },
    }),
    route({
      method: "get",
      path: "/api/v1/hosts/:id/problem-logs",
      summary: "What the host logged around the beginning of its problem, and what it said more often than before",
      access: forViewers,
      params: IdParams,
      answer: ProblemLogs,
      handle: async ({ params: { id }, scope, signal }) => {
        const { name, customer, problemId } = await findHost(db, dialect, scope, id, now());
        return await answer({ hostName: name, customer, problemId }, signal);
      },
    }),
  ];
}

function messageOf(records: readonly unknown[]): string | null {
  return records.length === 0 ? "The host logged nothing around it, as far as its logs are shipped." : null;
}
