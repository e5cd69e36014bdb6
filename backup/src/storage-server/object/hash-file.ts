import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

/** What reading a whole file gave. */
export interface HashedFile {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Which file was read, should another take its name meanwhile. */
  readonly inode: bigint;
}

const pieceBytes = 512 * 1024;

/** Reads a file and hashes it. `beforeRead` is called with the bytes about to be read and may delay or throw. Throws the system's errors (EIO, ENOENT). */
export async function hashFile(
  path: string,
  beforeRead: (bytes: number) => Promise<void> = async () => {},
): Promise<HashedFile> {
  await using file = await open(path, "r");
  const { ino, size } = await file.stat({ bigint: true });
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(pieceBytes, Number(size) + 1)));
  const { sha256, sizeBytes } = await hashHandle(file, buffer, beforeRead);
  return { sha256, sizeBytes, inode: ino };
}

async function hashHandle(file: FileHandle, buffer: Buffer, beforeRead: (bytes: number) => Promise<void>) {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for (;;) {
    await beforeRead(buffer.length);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, sizeBytes);
    if (bytesRead === 0) return { sha256: hash.digest("hex"), sizeBytes };
    hash.update(buffer.subarray(0, bytesRead));
    sizeBytes += bytesRead;
  }
}
