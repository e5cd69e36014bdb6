import { constants } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CommandError, write } from "../../command-line/index.ts";
import type { Download, Downloaded } from "./download-file.ts";
import { putInPlace, refuseExisting } from "./put-in-place.ts";

interface ArchiveDownload extends Download {
  readonly format: "zip" | "tar";
  readonly paths: readonly string[];
}

/**
 * Brings files and folders as one archive, which is made while it is sent and so cannot be resumed. It gets its name when it came to its end.
 * Throws CommandError; nothing is left behind then.
 */
export async function downloadArchive(options: ArchiveDownload): Promise<Downloaded> {
  const { terminal, target, isForced } = options;
  if (target === "-") {
    return { sizeBytes: await transfer(options, (piece) => write(terminal.stdout, piece)), resumedAtBytes: 0 };
  }
  if (!isForced) await refuseExisting(target);
  const partial = join(dirname(target), `.${basename(target).slice(0, 200)}.${process.pid}.part`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const file = await open(partial, flags, 0o600);
  try {
    const sizeBytes = await intoFile(options, file);
    await putInPlace(partial, target, isForced);
    return { sizeBytes, resumedAtBytes: 0 };
  } catch (error) {
    await unlink(partial).catch(() => undefined);
    throw error;
  }
}

async function intoFile(options: ArchiveDownload, file: FileHandle): Promise<number> {
  try {
    const sizeBytes = await transfer(options, (piece) => file.writeFile(piece));
    await file.sync();
    return sizeBytes;
  } finally {
    await file.close();
  }
}

async function transfer(
  { terminal, client, path, paths, format, progress }: ArchiveDownload,
  take: (piece: Uint8Array) => Promise<void>,
): Promise<number> {
  const query = new URLSearchParams([...paths.map((each) => ["path", each]), ["format", format]]);
  const headers = { accept: "*/*", "accept-encoding": "identity" };
  const response = await client.open(`${path}?${query}`, { headers, signal: terminal.signal });
  const told = Number(response.headers.get("content-length") ?? Number.NaN);
  progress.begin(paths.length === 1 ? (paths[0] ?? "") : `${paths.length} paths`, 0, Number.isNaN(told) ? null : told);
  let done = 0;
  let tail: Uint8Array = new Uint8Array();
  try {
    for await (const piece of response.body ?? []) {
      await take(piece);
      done += piece.length;
      tail = Buffer.concat([tail, piece]).subarray(-tailBytes);
      await progress.add(piece.length);
    }
  } catch (error) {
    if (terminal.signal.aborted || !(error instanceof TypeError)) throw error;
    throw new CommandError("unavailable", `the connection was lost after ${done} bytes; begin again`, { cause: error });
  }
  if (!(Number.isNaN(told) || told === done) || !isWhole(tail, format)) {
    throw new CommandError("unavailable", `the archive was cut off after ${done} bytes; begin again`);
  }
  return done;
}

const tailBytes = 1024;

/** Whether an archive's last bytes are its end: two empty blocks of a tar, the end record of a zip (without a comment). Pure. */
export function isWhole(tail: Uint8Array, format: "zip" | "tar"): boolean {
  if (format === "tar") return tail.length === tailBytes && tail.every((byte) => byte === 0);
  const record = Buffer.from(tail).subarray(-22);
  return record.length === 22 && record.readUInt32LE(0) === 0x06054b50;
}
