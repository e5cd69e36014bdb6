import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isId } from "../../blob/index.ts";
import { isTemporaryName, removeAbandonedTemporaries } from "../../durable-file/index.ts";
import type { FileInfo } from "../backend.ts";

/**
 * The repository files in a directory; none when there is no such directory. Whoever lists also clears away what writers that were killed
 * long ago left there.
 */
export async function listDirectory(directory: string, nowMs: number): Promise<FileInfo[]> {
  for (let attempt = 1; ; attempt++) {
    const names = await readNames(directory);
    const temporaries = names.filter(isTemporaryName);
    if (temporaries.length > 0) await removeAbandonedTemporaries(directory, nowMs, temporaries);
    const found = await Promise.all(names.filter(isId).map((name) => describe(directory, name)));
    const files = found.filter((file) => file !== null);
    // Where a file went away, its successor may have come since the names were read: a refreshed lock must never seem to be none.
    if (files.length === found.length || attempt === mostAttempts) return files;
  }
}

const mostAttempts = 5;

async function readNames(directory: string): Promise<string[]> {
  return await readdir(directory).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}

async function describe(directory: string, name: string): Promise<FileInfo | null> {
  try {
    return { name, sizeBytes: (await stat(join(directory, name))).size };
  } catch (error) {
    // Removed since the directory was read, by a refreshed lock or a prune.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
