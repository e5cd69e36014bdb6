import { ConsoleEvent } from "@mycloud/protocol/event";
import type { Cleanup } from "./cleanup.ts";

/** The live events of a control plane, as an open page hears them. */
export interface FollowedEvents {
  /** All heard so far, in order. */
  readonly heard: readonly ConsoleEvent[];
}

/** Follows GET /api/v1/events until the test ends. Resolves when the stream is open. */
export async function followEvents(cleanup: Cleanup, url: string, token: string): Promise<FollowedEvents> {
  const closing = new AbortController();
  cleanup.after(() => closing.abort());
  const response = await fetch(new URL("/api/v1/events", url), {
    headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
    signal: closing.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`GET /api/v1/events answered ${response.status}`);
  const heard: ConsoleEvent[] = [];
  void read(response.body.pipeThrough(new TextDecoderStream()), heard);
  return { heard };
}

async function read(stream: ReadableStream<string>, heard: ConsoleEvent[]): Promise<void> {
  let pending = "";
  try {
    for await (const text of stream) {
      const blocks = (pending + text).split("\n\n");
      pending = blocks.pop() ?? "";
      for (const block of blocks) {
        const data = /^data: ?(.*)$/m.exec(block)?.[1];
        if (data !== undefined) heard.push(ConsoleEvent.parse(JSON.parse(data)));
      }
    }
  } catch {
    // The test ended, or the control plane was killed: what was heard stays.
  }
}
