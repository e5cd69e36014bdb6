import { spawn } from "node:child_process";
import { read } from "node:fs";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { createGunzip, createZstdDecompress } from "node:zlib";

/** How a file that rotation left is compressed. */
export type Compression = "gzip" | "zstd" | "bzip2" | "xz";

const extensions: Readonly<Record<string, Compression>> = {
  ".gz": "gzip",
  ".zst": "zstd",
  ".bz2": "bzip2",
  ".xz": "xz",
};

/** By the end of a file's name; null when it is plain. Pure. */
export function compressionOf(name: string): Compression | null {
  return extensions[name.slice(name.lastIndexOf("."))] ?? null;
}

/** A file's name before it was compressed. Pure. */
export function uncompressedName(name: string): string {
  return compressionOf(name) === null ? name : name.slice(0, name.lastIndexOf("."));
}

/** A program that decompresses is not on this host. */
export class MissingProgramError extends Error {
  override readonly name = "MissingProgramError";
  readonly code = "MYCLOUD_LOG_DECOMPRESSOR_MISSING";

  constructor(program: string, cause: unknown) {
    super(`is compressed by ${program}, and there is no program ${program} on this host to read it`, { cause });
  }
}

/**
 * What is in a compressed file, piece by piece; several members one after another are one. Throws where the file is none or ends too early, and
 * MissingProgramError. gzip and zstd need nothing, bzip2 and xz the programs of these names. Leaves the descriptor open.
 */
export async function* decompress(
  descriptor: number,
  compression: Compression,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  // A ReadStream would close the descriptor, which is not its own, when it is given up.
  const compressed = Readable.from(piecesOf(descriptor));
  if (compression === "bzip2" || compression === "xz")
    return yield* decompressByProgram(compression, compressed, signal);
  const plain = compression === "gzip" ? createGunzip() : createZstdDecompress();
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

async function* decompressByProgram(
  program: "bzip2" | "xz",
  compressed: Readable,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const child = spawn(program, ["-dc"], { stdio: ["pipe", "pipe", "ignore"] });
  const ended = new Promise<Error | null>((resolve) => {
    child.once("error", (error) => resolve(new MissingProgramError(program, error)));
    child.once("close", (code) => resolve(code === 0 ? null : new Error(`${program} ended with exit code ${code}`)));
  });
  // It ends before it has read all when it is no longer listened to.
  child.stdin.on("error", () => compressed.destroy());
  compressed.on("error", () => child.kill());
  compressed.pipe(child.stdin);
  try {
    for await (const piece of child.stdout) {
      if (signal.aborted) return;
      if (Buffer.isBuffer(piece)) yield piece;
    }
    const failure = await ended;
    if (failure !== null) throw failure;
  } finally {
    compressed.destroy();
    child.kill();
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
