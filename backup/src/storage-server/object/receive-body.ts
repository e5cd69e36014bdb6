import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { reachFaultPoint } from "../../fault-point/index.ts";
import { TooLargeError } from "../request/request-error.ts";

/** What arrived. */
export interface ReceivedBody {
  readonly sizeBytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** Pieces are gathered to this size before they are written: a system call for each 64 KiB would cost more than the hash. */
const writeBytes = 1024 * 1024;

/**
 * Writes a body to a new file, hashes it on the way and makes it durable. `beforeWrite` is asked with the bytes so far and may throw.
 * The caller removes the file when this throws.
 */
export async function receiveBody(
  path: string,
  body: AsyncIterable<Uint8Array>,
  options: { readonly maxBytes: number; readonly beforeWrite: (soFarBytes: number) => Promise<void> },
): Promise<ReceivedBody> {
  await using file = await open(path, "wx", 0o600);
  reachFaultPoint("storage/upload-created");
  const hash = createHash("sha256");
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let sizeBytes = 0;

  async function flush(): Promise<void> {
    if (pending.length === 0) return;
    await options.beforeWrite(sizeBytes);
    await writeAll(file, pending, pendingBytes);
    pending = [];
    pendingBytes = 0;
  }

  for await (const piece of body) {
    sizeBytes += piece.length;
    if (sizeBytes > options.maxBytes) throw new TooLargeError(`an object has at most ${options.maxBytes} bytes`);
    hash.update(piece);
    pending.push(piece);
    pendingBytes += piece.length;
    if (pendingBytes >= writeBytes) await flush();
  }
  await flush();
  reachFaultPoint("storage/upload-written");
  await file.sync();
  reachFaultPoint("storage/upload-synced");
  return { sizeBytes, sha256: hash.digest("hex") };
}

// writev may write less than it was given: what is left is joined and written whole.
async function writeAll(file: FileHandle, pieces: readonly Uint8Array[], bytes: number): Promise<void> {
  const { bytesWritten } = await file.writev([...pieces]);
  if (bytesWritten < bytes) await file.writeFile(Buffer.concat(pieces).subarray(bytesWritten));
}
