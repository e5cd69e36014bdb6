import { read } from "node:fs";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { createGunzip } from "node:zlib";
import { HEAD_BYTES } from "./file-head.ts";

/** The first KB of what is in a gzip file; null when it is none, or none yet. Leaves the descriptor open. */
export async function readCompressedHead(descriptor: number, signal: AbortSignal): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of decompress(descriptor, signal)) {
      pieces.push(piece);
      length += piece.length;
      if (length >= HEAD_BYTES) break;
    }
  } catch {
    return null;
  }
  return Buffer.concat(pieces).subarray(0, HEAD_BYTES);
}

/** What is in a gzip file, piece by piece; several members one after another are one. Throws where the file is no gzip or ends too early. Leaves the descriptor open. */
export async function* decompress(descriptor: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  // A ReadStream would close the descriptor, which is not its own, when it is given up.
  const compressed = Readable.from(piecesOf(descriptor));
  const plain = createGunzip();
  compressed.on("error", (error) => plain.destroy(error));
  compressed.pipe(plain);
  try {
    for await (const piece of plain) {
      if (signal.aborted) return;
      yield piece;
    }
  } finally {
    compressed.destroy();
    plain.destroy();
  }
}

const readFrom = promisify(read);

async function* piecesOf(descriptor: number): AsyncGenerator<Buffer> {
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await readFrom(descriptor, Buffer.allocUnsafe(65_536), 0, 65_536, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
