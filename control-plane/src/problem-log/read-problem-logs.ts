import type { LogPattern } from "@mycloud/protocol/log-search";
import type { ProblemLogs } from "@mycloud/protocol/problem-log";
import { type LogStore, recordsOfHost } from "../log-store/index.ts";
import { foldAlike } from "./fold-alike.ts";

/** How far around the change records are looked for. */
const beforeMs = 10 * 60_000;
export const afterMs = 2 * 60_000;
const comparedMs = 3_600_000;
/** So many records are looked at for those that are told: alike ones are one. */
const lookedAt = { before: 800, after: 200 };
const mostRecords = { before: 40, after: 20 };
const mostPatterns = 5;
const patienceMs = 5_000;

/** Whose logs, and around when. */
export interface ProblemOfHost {
  readonly hostName: string;
  readonly customer: string | null;
  readonly startedAtMs: number;
}

/** Reads what a host logged around the beginning of its problem. Throws what the store throws. */
export async function readProblemLogs(
  store: LogStore,
  { hostName, customer, startedAtMs }: ProblemOfHost,
  signal: AbortSignal,
): Promise<Pick<ProblemLogs, "records" | "patterns">> {
  const question = { ...recordsOfHost({ hostName, customer }), signal, deadlineMs: patienceMs };
  const fromUs = (startedAtMs - beforeMs) * 1000;
  const changeUs = startedAtMs * 1000;
  const toUs = (startedAtMs + afterMs) * 1000;
  const [before, after, { patterns }] = await Promise.all([
    store.search({ ...question, fromUs, toUs: changeUs, order: "newest", limit: lookedAt.before, cursor: null }),
    store.search({ ...question, fromUs: changeUs, toUs, order: "oldest", limit: lookedAt.after, cursor: null }),
    store.patterns({
      ...question,
      fromUs,
      toUs,
      before: { fromUs: fromUs - comparedMs * 1000, toUs: fromUs },
      order: "risen",
      limit: mostPatterns,
    }),
  ]);
  const folded = foldAlike([...before.records.toReversed(), ...after.records]);
  const [earlier, later] = [
    folded.filter(({ timeUs }) => timeUs < changeUs),
    folded.filter(({ timeUs }) => timeUs >= changeUs),
  ];
  return {
    records: [...earlier.slice(-mostRecords.before), ...later.slice(0, mostRecords.after)],
    patterns: patterns.filter(hasRisen),
  };
}

/** Whether a pattern came more often than it would at the pace of the time before. Pure. */
export function hasRisen({ count, countBefore }: Pick<LogPattern, "count" | "countBefore">): boolean {
  return count > (countBefore * (beforeMs + afterMs)) / comparedMs;
}
