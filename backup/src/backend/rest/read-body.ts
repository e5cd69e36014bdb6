import type { IncomingMessage } from "node:http";
import { UnavailableError } from "../../error/index.ts";
import type { TokenBucket } from "../limit/index.ts";

/** Reads an answer's body into memory of its own. Throws UnavailableError when it ends early, is longer than announced or than `limit` bytes. */
export async function readBody(
  response: IncomingMessage,
  method: string,
  limit: number,
  pace: TokenBucket | null,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const announced = announcedLength(response, method);
  if (announced !== null && announced > limit) {
    response.destroy();
    throw new UnavailableError(`the answer has ${announced} bytes, more than the ${limit} that were asked for`);
  }
  return announced === null
    ? joinChunks(await collect(response, limit, pace, signal))
    : // All of it is written, or it is never seen: zeros first would be for nothing.
      await fill(response, new Uint8Array(Buffer.allocUnsafeSlow(announced).buffer), pace, signal);
}

function announcedLength(response: IncomingMessage, method: string): number | null {
  // The answer to HEAD announces a body and has none.
  if (method === "HEAD" || response.statusCode === 204) return 0;
  const text = response.headers["content-length"];
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

async function fill(
  response: IncomingMessage,
  target: Uint8Array<ArrayBuffer>,
  pace: TokenBucket | null,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  let length = 0;
  await eachChunk(response, pace, signal, (chunk) => {
    target.set(chunk, length);
    length += chunk.byteLength;
  });
  if (length !== target.byteLength) {
    throw new UnavailableError(`the answer ended after ${length} of ${target.byteLength} bytes`);
  }
  return target;
}

async function collect(
  response: IncomingMessage,
  limit: number,
  pace: TokenBucket | null,
  signal: AbortSignal | undefined,
): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  await eachChunk(response, pace, signal, (chunk) => {
    length += chunk.byteLength;
    if (length > limit) throw new UnavailableError(`the answer has more than the ${limit} bytes that were asked for`);
    chunks.push(chunk);
  });
  return chunks;
}

/** Events rather than `for await`: a pack comes in 256 chunks, and the iterator's promises would cost more than the copying. */
function eachChunk(
  response: IncomingMessage,
  pace: TokenBucket | null,
  signal: AbortSignal | undefined,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      response.destroy();
      reject(
        error instanceof UnavailableError ? error : new UnavailableError("the connection was lost", { cause: error }),
      );
    };
    response.on("data", (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        return fail(error instanceof Error ? error : new Error(String(error)));
      }
      if (pace === null) return;
      response.pause();
      pace.take(chunk.byteLength, signal).then(() => response.resume(), fail);
    });
    response.on("end", resolve);
    response.on("error", fail);
    response.on("close", () => fail(new Error("closed before its end")));
  });
}

function joinChunks(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.byteLength;
  }
  return joined;
}
