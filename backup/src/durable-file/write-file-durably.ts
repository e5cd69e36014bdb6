import { type FileHandle, link, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { OutOfSpaceError } from "../error/index.ts";
import { reachFaultPoint } from "../fault-point/index.ts";
import { temporaryPathFor } from "./temporary-name.ts";

/**
 * Writes a file so that after any crash it is there whole or not at all; it is durable when the promise resolves. An existing file of this
 * name is replaced, unless `isNew`: then it is left as it is and the system's EEXIST is thrown. The directory must exist. When it rejects,
 * nothing of it is left. With `isSynced: false` it is whole for every process, but need not outlive the machine.
 * Throws OutOfSpaceError when the disk or the user's quota is full, and the system's own errors.
 */
export async function writeFileDurably(
  path: string,
  bytes: Uint8Array,
  options: { readonly mode?: number; readonly isNew?: boolean; readonly isSynced?: boolean } = {},
): Promise<void> {
  const temporary = temporaryPathFor(path);
  const { mode = 0o600, isSynced = true } = options;
  try {
    await writeTemporary(temporary, bytes, mode, isSynced);
    if (options.isNew) {
      // A link, unlike a rename, fails when the name is taken, whoever took it since anybody looked.
      await link(temporary, path);
      await unlink(temporary);
    } else {
      await rename(temporary, path);
    }
    reachFaultPoint("durable-file/renamed");
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw outOfSpaceOr(error, path);
  }
  if (!isSynced) return;
  await syncDirectory(dirname(path));
  reachFaultPoint("durable-file/directory-synced");
}

/** Makes the names in a directory durable: files created, renamed and removed there before this call stay so after a crash. */
export async function syncDirectory(directory: string): Promise<void> {
  await using handle = await open(directory, "r");
  await syncIfSupported(handle);
}

/** The error as this workspace names it: a full disk or quota is an OutOfSpaceError, anything else is returned as it is. */
export function outOfSpaceOr(error: unknown, path: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "ENOSPC" && code !== "EDQUOT") return error;
  const place = code === "EDQUOT" ? "the quota of its owner is used up" : "the disk is full";
  return new OutOfSpaceError(`${path} cannot be written: ${place}`, { cause: error });
}

async function writeTemporary(path: string, bytes: Uint8Array, mode: number, isSynced: boolean): Promise<void> {
  // Created writable for the owner; the final mode (read-only in a repository) is set while nobody else knows the name.
  await using handle = await open(path, "wx", 0o600);
  reachFaultPoint("durable-file/created");
  // Not writeFile, which goes back to the event loop after each 512 KiB: a busy one makes that slow.
  for (let written = 0; written < bytes.length; ) {
    written += (await handle.write(bytes, written, bytes.length - written, written)).bytesWritten;
  }
  reachFaultPoint("durable-file/written");
  await setModeIfSupported(handle, mode);
  if (!isSynced) return;
  await syncIfSupported(handle);
  reachFaultPoint("durable-file/synced");
}

// Some network and removable file systems have no modes and no fsync; a repository there is as safe as they are.
const unsupported = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

async function syncIfSupported(handle: FileHandle): Promise<void> {
  await handle.sync().catch((error: NodeJS.ErrnoException) => {
    if (!unsupported.has(error.code ?? "")) throw error;
  });
}

async function setModeIfSupported(handle: FileHandle, mode: number): Promise<void> {
  await handle.chmod(mode).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EPERM" && !unsupported.has(error.code ?? "")) throw error;
  });
}
