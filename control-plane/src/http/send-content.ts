import type { Response } from "express";
import { UnavailableError } from "../error/index.ts";

/** An answer that is streamed. */
export interface Content {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: not known before, so the end is told by the encoding. */
  readonly lengthBytes: number | null;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface SendContentOptions {
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** A client that takes nothing for so long is given up. */
  readonly stallMs?: number;
}

const defaultStallMs = 120_000;

/**
 * Streams an answer no faster than it is taken. Nothing is sent before the first piece is there, so that what fails at once is answered as an error.
 * To HEAD only the head is answered. What fails later, or is not as long as was said, throws: then the connection is to be cut, so that no part looks whole. Whoever goes away ends the body.
 */
export async function sendContent(response: Response, content: Content, options: SendContentOptions): Promise<void> {
  const { status, headers, lengthBytes } = content;
  const { signal, stallMs = defaultStallMs } = options;
  const pieces = content.body[Symbol.asyncIterator]();
  const room = roomOf(response, stallMs);
  let sentBytes = 0;
  let isFinished = false;
  try {
    let next = await pieces.next();
    signal.throwIfAborted();
    response.status(status);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (lengthBytes !== null) response.setHeader("content-length", String(lengthBytes));
    if (response.req.method === "HEAD") {
      response.end();
      return;
    }
    response.flushHeaders();
    for (; !next.done; next = await pieces.next()) {
      sentBytes += next.value.byteLength;
      if (lengthBytes !== null && sentBytes > lengthBytes) throw new Error("the content is longer than was said");
      if (!response.write(next.value)) await room.wait();
      signal.throwIfAborted();
    }
    isFinished = true;
    if (lengthBytes !== null && sentBytes !== lengthBytes) {
      throw new Error(`the content ended after ${sentBytes} of ${lengthBytes} bytes`);
    }
    response.end();
  } catch (error) {
    // Nobody is there to be told.
    if (signal.aborted || response.destroyed) return;
    throw error;
  } finally {
    if (!isFinished) await endBody(pieces);
  }
}

/**
 * Waits for room in a response. One listener for all of its answer: where it is compressed, `drain` is heard of the compressor, and listening there ends
 * with it alone.
 */
function roomOf(response: Response, stallMs: number): { wait(): Promise<void> } {
  let wake: () => void = () => undefined;
  for (const event of ["drain", "close"]) response.on(event, () => wake());
  return {
    async wait() {
      if (response.destroyed) return;
      let timer: ReturnType<typeof setTimeout> | undefined;
      try {
        await new Promise<void>((resolve, reject) => {
          wake = resolve;
          const giveUp = () => reject(new UnavailableError("the client takes nothing any more"));
          timer = setTimeout(giveUp, stallMs);
        });
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Ends the work behind a body that nobody reads to its end. */
export async function endBody(body: AsyncIterable<Uint8Array> | AsyncIterator<Uint8Array>): Promise<void> {
  const pieces = Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body;
  try {
    await pieces.return?.();
  } catch {
    // It was being given up anyway.
  }
}
