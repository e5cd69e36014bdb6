import { once } from "node:events";
import type { Response } from "express";

/** Writes a body as an answer, no faster than it is taken. When the source fails the answer is cut off, so that nobody takes it for whole, and that is thrown. */
export async function sendBody(response: Response, body: AsyncIterable<Uint8Array>, onPart: () => void): Promise<void> {
  response.status(200);
  response.setHeader("content-type", "application/octet-stream");
  response.setHeader("cache-control", "no-store, no-transform");
  response.setHeader("x-accel-buffering", "no");
  response.flushHeaders();
  try {
    for await (const part of body) {
      onPart();
      if (response.destroyed) return;
      if (response.write(part)) continue;
      const gone = new AbortController();
      const waits = ["drain", "close"].map((event) => once(response, event, { signal: gone.signal }));
      try {
        await Promise.race(waits);
      } finally {
        for (const wait of waits) wait.catch(() => undefined);
        gone.abort();
      }
    }
    response.end();
  } catch (error) {
    response.destroy();
    throw error;
  }
}
