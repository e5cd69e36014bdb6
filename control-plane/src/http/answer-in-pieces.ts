import { once } from "node:events";
import type { Response } from "express";

/** Begins an answer that is written piece by piece. */
export function begin(response: Response, contentType: string): void {
  response.status(200);
  response.setHeader("content-type", contentType);
  response.setHeader("cache-control", "no-store, no-transform");
  // nginx would otherwise collect lines before it passes them on.
  response.setHeader("x-accel-buffering", "no");
}

/** Writes a piece and waits until there is room for the next; at once when whoever asked is gone. */
export async function writePiece(response: Response, piece: string | Uint8Array): Promise<void> {
  if (response.destroyed) return;
  if (response.write(piece)) return;
  // Whoever reads slowly is waited for; whoever is gone is not.
  const gone = new AbortController();
  await Promise.race([
    once(response, "drain", { signal: gone.signal }),
    once(response, "close", { signal: gone.signal }),
  ]);
  gone.abort();
}
