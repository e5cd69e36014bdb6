import { type LogCondition, LogQueryError, parseLogQuery } from "@mycloud/protocol/log-query";
import { InputError } from "../error/index.ts";
import type { LogRange } from "../log-store/index.ts";

/** Without a time of its own, a question is about so long. */
const usualMs = 3_600_000;

interface AskedRange {
  readonly query: string;
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

/** A request's query and time, understood. Throws InputError naming the field and what was expected. */
export function readRange({ query, ...asked }: AskedRange, nowMs: number): LogRange & { condition: LogCondition } {
  const untilMs = asked.untilMs ?? nowMs;
  const fromMs = asked.fromMs ?? Math.max(0, untilMs - usualMs);
  if (fromMs >= untilMs) {
    const message = `${fromMs} is not before untilMs, ${untilMs}`;
    throw new InputError(`fromMs: ${message}`, [{ field: "fromMs", message }]);
  }
  return { condition: readCondition(query), fromUs: fromMs * 1000, toUs: untilMs * 1000 };
}

/** Throws InputError, naming the place in the query. */
export function readCondition(query: string): LogCondition {
  try {
    return parseLogQuery(query);
  } catch (error) {
    if (!(error instanceof LogQueryError)) throw error;
    const message = `${error.message} (character ${error.at + 1})`;
    throw new InputError(`query: ${message}`, [{ field: "query", message }]);
  }
}
