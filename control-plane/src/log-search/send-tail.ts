import { once } from "node:events";
import type { LogCondition } from "@mycloud/protocol/log-query";
import type { Response } from "express";
import type { EventStream } from "../http/event-stream.ts";
import type { LogStore } from "../log-store/index.ts";
import type { Scope } from "../scope/index.ts";

/** What a page shows of a burst; the rest is counted. */
const maximumRecordsAtOnce = 500;
/** A page connects again after this long, and shows that it may still see what it sees. */
const maximumStreamMs = 10 * 60_000;
/** So much may wait to be sent before the store is asked for more. */
const maximumWaitingBytes = 256 * 1024;

export interface Tail {
  readonly store: LogStore;
  readonly condition: LogCondition;
  readonly scope: Scope;
  readonly response: Response;
  readonly stream: EventStream;
}

/** Sends records as they come until the reader is gone. A slow reader is not sent more than it takes: what it misses is counted. */
export async function sendTail({ store, condition, scope, response, stream }: Tail): Promise<void> {
  const expiry = setTimeout(() => stream.close(), maximumStreamMs);
  try {
    for await (const event of store.tail({ condition, scope, limit: maximumRecordsAtOnce, signal: stream.signal })) {
      stream.send("records", event);
      if (response.writableLength > maximumWaitingBytes) await once(response, "drain", { signal: stream.signal });
    }
  } catch (error) {
    if (!stream.signal.aborted)
      stream.send("failed", { message: error instanceof Error ? error.message : String(error) });
  } finally {
    clearTimeout(expiry);
    stream.close();
  }
}
