import type { LogRecord } from "@mycloud/protocol/log-record";
import { LogTailEvent } from "@mycloud/protocol/log-search";
import { createParser } from "eventsource-parser";
import type { ApiClient } from "../../client/index.ts";
import { CommandError, exitCode, remark, type Terminal } from "../../command-line/index.ts";
import { sleep } from "../../retry-loop/sleep.ts";
import { readNewest } from "./read-newest.ts";

export interface Following {
  readonly client: ApiClient;
  readonly query: string;
  /** From when on, and how many at most, the first ones are shown. */
  readonly fromMs: number;
  readonly limit: number;
  readonly print: (records: readonly LogRecord[]) => Promise<void>;
  readonly terminal: Terminal;
}

const waitMs = { first: 500, longest: 15_000 };
/** Of this many the ids are known, so that what both the search and the stream bring is shown once. */
const rememberedIds = 20_000;
/** What came while the connection was broken is looked for from so long before the last record: records may be late. */
const overlapMs = 60_000;
const recordsOfGap = 10_000;

/** Shows the newest records, then those that come, until the terminal's signal. A broken connection is made again; what came meanwhile is shown then. */
export async function followLogs({ client, query, fromMs, limit, print, terminal }: Following): Promise<void> {
  const { signal } = terminal;
  const seen = new Set<string>();
  let hasConnected = false;
  let pauseMs = waitMs.first;
  let newestMs = fromMs;

  async function show(records: readonly LogRecord[]): Promise<void> {
    const fresh = records.filter(({ id }) => !seen.has(id));
    for (const { id, timeUs } of fresh) {
      seen.add(id);
      newestMs = Math.max(newestMs, Math.floor(timeUs / 1000));
    }
    for (const id of seen) {
      if (seen.size <= rememberedIds) break;
      seen.delete(id);
    }
    await print(fresh);
  }

  async function showStored(): Promise<void> {
    const question = hasConnected
      ? { query, fromMs: Math.max(fromMs, newestMs - overlapMs), untilMs: undefined, limit: recordsOfGap }
      : { query, fromMs, untilMs: undefined, limit };
    const { records, isMore } = await readNewest(client, question, signal);
    if (hasConnected && isMore)
      await remark(terminal, `more than ${recordsOfGap} came meanwhile; the newest of them follow`);
    await show(records);
  }

  while (!signal.aborted) {
    try {
      const response = await client.open("/api/v1/logs/tail", {
        query: { query },
        headers: { accept: "text/event-stream" },
        signal,
      });
      // The stream is open: nothing falls between what is stored and what comes.
      await showStored();
      hasConnected = true;
      pauseMs = waitMs.first;
      for await (const { records, skipped } of eventsOf(response)) {
        if (skipped > 0) await remark(terminal, `${skipped} left out: they came faster than they can be shown`);
        await show(records);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!hasConnected || !isPassing(error)) throw error;
    }
    if (signal.aborted) return;
    await sleep(pauseMs, signal);
    pauseMs = Math.min(waitMs.longest, pauseMs * 2);
  }
}

async function* eventsOf(response: Response): AsyncGenerator<LogTailEvent> {
  const events: LogTailEvent[] = [];
  let failure: string | undefined;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === "failed") failure = data;
      const parsed = event === "records" ? LogTailEvent.safeParse(JSON.parse(data)) : undefined;
      if (parsed?.success) events.push(parsed.data);
    },
  });
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    parser.feed(text);
    yield* events.splice(0);
    if (failure !== undefined) throw new CommandError("tryAgain", `the tail ended: ${failure}`);
  }
}

/** Whether it may be well the next time. Pure. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof CommandError)) return true;
  return error.exitCode === exitCode("unavailable") || error.exitCode === exitCode("tryAgain");
}
