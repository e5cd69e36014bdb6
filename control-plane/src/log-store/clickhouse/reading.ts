import { UnavailableError } from "../../error/index.ts";
import type { LogQuestion, LogRange } from "../log-store.ts";
import { dayName, dayOf } from "../record-id.ts";
import { type ClickHouseClient, ClickHouseError, timeoutExceeded } from "./client.ts";
import { conditionSql, scopeSql } from "./condition-sql.ts";

/** A question on its way: what of the records it is about, and how long it may take. */
export interface Reading {
  readonly table: string;
  /** The condition and the scope, without the range. */
  readonly matches: string;
  /** Rows of a statement; null when the time was over. Throws the signal's reason. */
  query<Row>(sql: string): Promise<Row[] | null>;
}

const defaultPatienceMs = 60_000;

export function createReading(
  client: ClickHouseClient,
  database: string,
  { condition, scope, signal, deadlineMs = defaultPatienceMs }: Omit<LogQuestion, "fromUs" | "toUs">,
  templates: readonly string[],
): Reading {
  const deadline = performance.now() + deadlineMs;
  return {
    table: `${database}.log_record`,
    matches: `(${conditionSql(condition, templates)}) and ${scopeSql(scope)}`,
    async query<Row>(sql: string) {
      signal.throwIfAborted();
      const timeoutMs = deadline - performance.now();
      if (timeoutMs <= 0) return null;
      // The server counts in whole seconds: whoever asks is answered in time by us.
      const over = AbortSignal.timeout(Math.ceil(timeoutMs));
      try {
        return await client.query<Row>(sql, { signal: AbortSignal.any([signal, over]), timeoutMs });
      } catch (error) {
        signal.throwIfAborted();
        if (over.aborted || (error instanceof ClickHouseError && error.errorNumber === timeoutExceeded)) return null;
        throw error;
      }
    },
  };
}

/** As SQL; the days let ClickHouse leave out whole partitions. Pure. */
export function rangeSql({ fromUs, toUs }: LogRange): string {
  if (!(toUs > fromUs)) return "0";
  const [from, to] = [Math.ceil(fromUs), Math.ceil(toUs)];
  return `day between '${dayName(dayOf(from))}' and '${dayName(dayOf(to - 1))}' and time_us >= ${from} and time_us < ${to}`;
}

/** For questions that are nothing without an answer. */
export function inTime<Answer>(answer: Answer | null): Answer {
  if (answer === null) throw new UnavailableError("ClickHouse did not answer in time");
  return answer;
}
