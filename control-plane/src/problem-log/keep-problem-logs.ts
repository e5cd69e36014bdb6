import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { LogStore } from "../log-store/index.ts";
import { afterMs, readProblemLogs } from "./read-problem-logs.ts";
import { findUnkept, type KeptLogs, keep, type UnkeptProblem } from "./store.ts";

/** What comes late is waited for. */
const graceMs = 30_000;
/** Problems that are older were never kept and are not any more: the logs were not to be had. */
const oldestMs = 24 * 3_600_000;
const mostAtOnce = 50;

/**
 * Puts aside what hosts logged around their problems, for problems that began a while ago; problems of one host that began within seconds of each
 * other are read once. Throws what the store throws: the next time goes on.
 */
export async function keepProblemLogs(
  database: ConnectedDatabase,
  store: LogStore,
  nowMs: number,
  signal: AbortSignal,
): Promise<number> {
  const untilMs = nowMs - afterMs - graceMs;
  const unkept = await findUnkept(database.db, { fromMs: nowMs - oldestMs, untilMs, limit: mostAtOnce });
  const read = new Map<string, Promise<KeptLogs>>();
  for (const problem of unkept) {
    signal.throwIfAborted();
    const key = sameMoment(problem);
    const logs = read.get(key) ?? readProblemLogs(store, problem, signal);
    read.set(key, logs);
    await keep(database.db, problem.problemId, await logs, nowMs);
  }
  return unkept.length;
}

function sameMoment({ hostId, startedAtMs }: UnkeptProblem): string {
  return `${hostId} ${Math.floor(startedAtMs / 10_000)}`;
}
