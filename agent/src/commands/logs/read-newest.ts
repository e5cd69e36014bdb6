import type { LogRecord } from "@mycloud/protocol/log-record";
import { LogPage } from "@mycloud/protocol/log-search";
import { type ApiClient, parseAnswer } from "../../client/index.ts";

const recordsAtOnce = 1000;

export interface NewestQuestion {
  readonly query: string;
  readonly fromMs: number;
  readonly untilMs: number | undefined;
  readonly limit: number;
}

/** The newest records that match, oldest first. */
export async function readNewest(
  client: ApiClient,
  { query, fromMs, untilMs, limit }: NewestQuestion,
  signal: AbortSignal,
): Promise<{ readonly records: LogRecord[]; readonly isMore: boolean; readonly isComplete: boolean }> {
  const newest: LogRecord[] = [];
  let cursor: string | undefined;
  let isComplete = true;
  do {
    const answer = await client.request("GET", "/api/v1/logs", {
      query: {
        query,
        fromMs: String(fromMs),
        untilMs: untilMs === undefined ? undefined : String(untilMs),
        limit: String(Math.min(recordsAtOnce, limit - newest.length)),
        cursor,
      },
      signal,
    });
    const page = parseAnswer(LogPage, answer);
    for (const record of page.records) newest.push(record);
    isComplete &&= page.isComplete;
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined && newest.length < limit);
  return { records: newest.reverse(), isMore: cursor !== undefined, isComplete };
}
