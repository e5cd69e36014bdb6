import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { Request } from "express";
import { InputError, TooLargeError } from "../error/index.ts";

/**
 * Reads a request's body as UTF-8 text, unpacking gzip, deflate and br. Throws TooLargeError as soon as more than `maximumBytes` have
 * come, unpacked, so that neither a long nor a tightly packed body fills the memory.
 */
export async function readTextBody(request: Request, maximumBytes: number): Promise<string> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maximumBytes) throw tooLarge(maximumBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of unpacked(request)) {
      const bytes: Buffer = chunk;
      size += bytes.length;
      if (size > maximumBytes) throw tooLarge(maximumBytes);
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof TooLargeError || error instanceof InputError) throw error;
    throw new InputError(`the body cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return Buffer.concat(chunks, size).toString("utf8");
}

function unpacked(request: Request): AsyncIterable<Buffer> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  switch (encoding) {
    case "identity":
      // Leaving the loop early must not cut the connection: the sender is still owed an answer.
      return request.iterator({ destroyOnReturn: false });
    case "gzip":
      return request.pipe(createGunzip());
    case "deflate":
      return request.pipe(createInflate());
    case "br":
      return request.pipe(createBrotliDecompress());
    default:
      throw new InputError(`content-encoding ${encoding} is not understood; send gzip, deflate, br or none`);
  }
}

function tooLarge(maximumBytes: number): TooLargeError {
  return new TooLargeError(`the body is larger than ${maximumBytes} bytes; send it in parts`);
}
