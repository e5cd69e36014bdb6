import type { Request } from "express";
import { TooLargeError } from "../error/index.ts";

/** A request's body as octets. Throws TooLargeError beyond `maximumBytes`. */
export async function readBody(request: Request, maximumBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    const octets = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
    length += octets.length;
    if (length > maximumBytes) throw new TooLargeError(`the file is larger than ${maximumBytes} bytes`);
    pieces.push(octets);
  }
  return Buffer.concat(pieces);
}
