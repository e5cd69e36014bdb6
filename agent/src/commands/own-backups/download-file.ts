import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { SnapshotEntry } from "@mycloud/protocol/snapshot-view";
import type { ApiClient } from "../../client/index.ts";
import { CommandError, remark, type Terminal, write } from "../../command-line/index.ts";
import { sleep } from "../../retry-loop/sleep.ts";
import { putInPlace, refuseExisting } from "./put-in-place.ts";
import type { TransferProgress } from "./transfer-progress.ts";

export interface Download {
  readonly terminal: Terminal;
  readonly client: ApiClient;
  /** The API's path that answers the bytes. */
  readonly path: string;
  /** An absolute path, or `-` for standard output. */
  readonly target: string;
  readonly isForced: boolean;
  readonly progress: TransferProgress;
}

export interface Downloaded {
  readonly sizeBytes: number;
  /** What an earlier attempt had brought already. */
  readonly resumedAtBytes: number;
}

interface FileDownload extends Download {
  readonly entry: SnapshotEntry;
}

const attempts = 5;
const pauseMs = 1000;

/**
 * Brings one file, taking up what an earlier attempt left beside the target, and puts it in place when all is there. A lost connection is tried again
 * from where it broke. Throws CommandError; what has arrived stays for the next time.
 */
export async function downloadFile(options: FileDownload): Promise<Downloaded> {
  const { terminal, target, entry, isForced, progress } = options;
  const total = entry.sizeBytes ?? 0;
  if (target === "-") {
    progress.begin(entry.name, 0, total);
    await transfer(options, 0, total, (piece) => write(terminal.stdout, piece));
    return { sizeBytes: total, resumedAtBytes: 0 };
  }
  if (!isForced) await refuseExisting(target);
  const partial = partialPath(target, entry);
  // Somebody else's link under this name must not be followed.
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
  const file = await open(partial, flags, 0o600);
  let resumedAtBytes = 0;
  try {
    const { size } = await file.stat();
    if (size > total) await file.truncate(0);
    else resumedAtBytes = size;
    progress.begin(entry.name, resumedAtBytes, total);
    let at = resumedAtBytes;
    await transfer(options, resumedAtBytes, total, async (piece) => {
      for (let from = 0; from < piece.length; ) {
        const { bytesWritten } = await file.write(piece, from, piece.length - from, at);
        from += bytesWritten;
        at += bytesWritten;
      }
    });
    await file.utimes(new Date(terminal.now()), new Date(entry.modifiedAtMs));
    await file.sync();
  } catch (error) {
    throw withPlace(error, terminal, partial);
  } finally {
    await file.close();
  }
  await putInPlace(partial, target, isForced);
  return { sizeBytes: total, resumedAtBytes };
}

/** Beside the target, named by the content, so that only what belongs to this very version is taken up. */
function partialPath(target: string, { contentId, modifiedAtMs, sizeBytes }: SnapshotEntry): string {
  const version = contentId?.slice(0, 16) ?? `${sizeBytes}-${modifiedAtMs}`;
  return join(dirname(target), `.${basename(target).slice(0, 180)}.${version.replaceAll(/[^\w-]/g, "")}.part`);
}

async function transfer(
  options: FileDownload,
  from: number,
  total: number,
  take: (piece: Uint8Array) => Promise<void>,
): Promise<void> {
  const { terminal, progress } = options;
  let done = from;
  let failures = 0;
  const counted = async (piece: Uint8Array) => {
    if (done + piece.length > total) throw new CommandError("failed", "more came than the file has; try again");
    await take(piece);
    done += piece.length;
    await progress.add(piece.length);
  };
  while (done < total) {
    const before = done;
    try {
      await receive(options, done, counted);
      if (done < total) throw new CommandError("unavailable", `only ${done} of ${total} bytes came`);
    } catch (error) {
      if (terminal.signal.aborted || !isLostConnection(error)) throw error;
      failures = done > before ? 1 : failures + 1;
      if (failures >= attempts) {
        throw new CommandError("unavailable", "the connection was lost again and again", { cause: error });
      }
      await remark(terminal, `the connection was lost at ${done} of ${total} bytes; going on from there`);
      await sleep(pauseMs * failures, terminal.signal);
    }
  }
}

/** Receives the file's bytes from an offset on, also from a server that sends all of it. */
async function receive(
  { terminal, client, path, entry }: FileDownload,
  offset: number,
  take: (piece: Uint8Array) => Promise<void>,
): Promise<void> {
  // Compressed on the way, a range would be one of something else.
  const headers = {
    accept: "*/*",
    "accept-encoding": "identity",
    ...(offset > 0 ? { range: `bytes=${offset}-` } : {}),
  };
  const query = { path: entry.path, download: "1" };
  const response = await client.open(path, { query, headers, signal: terminal.signal });
  let skip = offset > 0 && response.status !== 206 ? offset : 0;
  for await (const piece of response.body ?? []) {
    const rest = piece.subarray(Math.min(skip, piece.length));
    skip -= piece.length - rest.length;
    if (rest.length > 0) await take(rest);
  }
}

function isLostConnection(error: unknown): boolean {
  // What fetch throws in the middle of a body is a TypeError; before it, the client's own.
  return error instanceof TypeError || (error instanceof CommandError && error.code === "MYCLOUD_UNAVAILABLE");
}

function withPlace(error: unknown, terminal: Terminal, partial: string): unknown {
  if (terminal.signal.aborted) {
    return new CommandError("interrupted", `interrupted; the same again goes on from what is in ${partial}`);
  }
  if (!(error instanceof CommandError) || error.code !== "MYCLOUD_UNAVAILABLE") return error;
  return new CommandError("unavailable", `${error.message}; the same again goes on from what is in ${partial}`, {
    cause: error,
  });
}
