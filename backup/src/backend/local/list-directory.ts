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
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const temporaries = names.filter(isTemporaryName);
  if (temporaries.length > 0) await removeAbandonedTemporaries(directory, nowMs, temporaries);
  const files = await Promise.all(names.filter(isId).map((name) => describe(directory, name)));
  return files.filter((file) => file !== null);
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
