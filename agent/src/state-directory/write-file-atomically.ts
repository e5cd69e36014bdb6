import { open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Replaces a file so that a reader, or the program after a crash, finds the old content or the new, never a part. Without
 * `isDurable: false` it is on the disk when the promise resolves (file and directory are synced). Throws what the file system says.
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  options: { readonly mode?: number; readonly isDurable?: boolean } = {},
): Promise<void> {
  const { mode = 0o640, isDurable = true } = options;
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, "w", mode);
    try {
      await file.writeFile(content);
      if (isDurable) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // On a full disk the half-written file would keep the space that others wait for.
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  if (isDurable) await syncDirectory(dirname(path));
}

/** Makes renames and removals in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
