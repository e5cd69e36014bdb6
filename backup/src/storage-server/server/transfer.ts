import { once } from "node:events";
import type { FileHandle } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type ClientPace, type TokenBucket, watchPace } from "../limit/index.ts";
import { BadRequestError, type ByteRange, RequestError } from "../request/index.ts";
import type { StorageContext } from "./storage-context.ts";

/** The bandwidth a body may use: of all, and of its connection. */
interface Bandwidth {
  readonly in: TokenBucket;
  readonly out: TokenBucket;
}

/** Gives each connection its own buckets; forgotten with the connection. */
export function createConnectionLimits(make: () => Bandwidth): (socket: Socket) => Bandwidth {
  const known = new WeakMap<Socket, Bandwidth>();
  return (socket) => {
    const bandwidth = known.get(socket) ?? make();
    known.set(socket, bandwidth);
    return bandwidth;
  };
}

/** A request's body, piece by piece, within the limits. Throws SlowClientError; BadRequestError when the client goes away before the end. */
export async function* readBody(
  request: IncomingMessage,
  context: StorageContext,
  connection: Bandwidth,
): AsyncGenerator<Buffer> {
  const pace = watchPace(context.pace);
  // Without destroyOnReturn the connection survives an early end, and the client can be told why.
  const pieces = request.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  let isWaiting = false;
  try {
    for (;;) {
      isWaiting = true;
      const next = await pace.wait(pieces.next()).catch((error: unknown) => {
        if (error instanceof RequestError) throw error;
        throw new BadRequestError("the body ended before it was whole");
      });
      isWaiting = false;
      if (next.done) break;
      const piece: unknown = next.value;
      if (!(piece instanceof Buffer)) throw new BadRequestError("the body is no stream of bytes");
      pace.moved(piece.length);
      context.metrics.addBytes("in", piece.length);
      await context.bandwidth.in.take(piece.length);
      await connection.in.take(piece.length);
      yield piece;
    }
  } finally {
    // Lets go of the stream, so that what else comes can be drained. A step that is still waited for would never return.
    if (!isWaiting) await pieces.return?.(undefined);
  }
  if (!request.complete) throw new BadRequestError("the body ended before it was whole");
}

/** Also what a client has to take within the idle timeout. */
const pieceBytes = 128 * 1024;

/** Read at once: a read costs the main thread as much as to send a piece. */
const readBytes = 4 * pieceBytes;

/** Sends a part of a file within the limits. Throws SlowClientError, the system's errors; stops quietly when the client goes away. */
export async function sendFile(
  file: FileHandle,
  { start, end }: ByteRange,
  response: ServerResponse,
  context: StorageContext,
  connection: Bandwidth,
): Promise<void> {
  const pace = watchPace(context.pace);
  for (let position = start; position < end; ) {
    // A new buffer each time: the response keeps it until it is on its way.
    const buffer = Buffer.allocUnsafe(Math.min(readBytes, end - position));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) throw new Error(`a file became shorter while it was read: ${position} of ${end} bytes`);
    position += bytesRead;
    for (let at = 0; at < bytesRead; at += pieceBytes) {
      const piece = buffer.subarray(at, Math.min(at + pieceBytes, bytesRead));
      await context.bandwidth.out.take(piece.length);
      await connection.out.take(piece.length);
      if (response.destroyed) return;
      await writePiece(response, piece, pace);
      context.metrics.addBytes("out", piece.length);
    }
  }
}

/** Writes a piece and waits until the client has taken enough for another. */
export async function writePiece(
  response: ServerResponse,
  piece: string | Uint8Array,
  pace: ClientPace,
): Promise<void> {
  const hasRoom = response.write(piece);
  pace.moved(piece.length);
  if (hasRoom || response.destroyed) return;
  const ends = new AbortController();
  try {
    await pace.wait(
      Promise.race([
        once(response, "drain", { signal: ends.signal }),
        once(response, "close", { signal: ends.signal }),
      ]),
    );
  } finally {
    ends.abort();
  }
}
