import type { Response } from "express";

/** One open server-sent event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface EventStream {
  /** Sends an event with `data` as JSON. A reader that is too slow to take it is cut off, and connects again. */
  send(event: string, data: unknown): void;
  close(): void;
  /** Aborted when the stream has ended, from whichever side. */
  readonly signal: AbortSignal;
}

export interface EventStreams {
  /** Turns an answer into a stream. A comment every 15 s keeps proxies from closing it. `waitingBytes`: how much a slow reader may leave waiting. */
  open(response: Response, waitingBytes?: number): EventStream;
  /** Ends all streams; for shutdown. Later ones end at once. */
  closeAll(): void;
  count(): number;
}

const heartbeatMs = 15_000;
const maximumWaitingBytes = 1024 * 1024;

/** `random` spreads the moment at which readers connect again after a restart. */
export function createEventStreams(random: () => number): EventStreams {
  const streams = new Set<EventStream>();
  let isClosing = false;
  return {
    open(response, waitingBytes = maximumWaitingBytes) {
      const ended = new AbortController();
      const write = (text: string): void => {
        if (ended.signal.aborted) return;
        response.write(text);
        if (response.writableLength > waitingBytes) response.destroy();
      };
      response.status(200);
      response.setHeader("content-type", "text/event-stream");
      response.setHeader("cache-control", "no-store, no-transform");
      // nginx would otherwise collect events before it passes them on.
      response.setHeader("x-accel-buffering", "no");
      response.flushHeaders();
      response.socket?.setNoDelay(true);
      const heartbeat = setInterval(() => write(":\n\n"), heartbeatMs);
      const stream: EventStream = {
        send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
        close: () => {
          if (!ended.signal.aborted) response.end();
        },
        signal: ended.signal,
      };
      streams.add(stream);
      response.once("close", () => {
        clearInterval(heartbeat);
        streams.delete(stream);
        ended.abort();
      });
      write(`retry: ${1000 + Math.round(random() * 4000)}\n\n`);
      if (isClosing) stream.close();
      return stream;
    },
    closeAll() {
      isClosing = true;
      for (const stream of streams) stream.close();
    },
    count: () => streams.size,
  };
}
