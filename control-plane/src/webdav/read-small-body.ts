import type { Request } from "express";
import { TooLargeError } from "../error/index.ts";

/** Reads a body of text whole. Throws TooLargeError beyond the limit. */
export async function readSmallBody(request: Request, maximumBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.byteLength;
    if (bytes > maximumBytes) throw new TooLargeError(`the body is larger than ${maximumBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
