import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What a store needs of a disk; a test gives it one that is full. */
export interface StoreFiles {
  list(directory: string): Promise<string[]>;
  read(path: string): Promise<Buffer>;
  /** The whole file or none of it, on disk when this resolves. */
  replace(path: string, octets: readonly Buffer[]): Promise<void>;
  /** Puts octets behind the first `at` ones; what was there is cut off. On disk when this resolves. */
  append(path: string, at: number, octets: Buffer): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

const mode = 0o600;
const temporarySuffix = ".new";

/** Files of mode 0600 in directories of mode 0700. */
export const diskFiles: StoreFiles = {
  async list(directory) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const names = await readdir(directory);
    return names.filter((name) => !name.endsWith(temporarySuffix));
  },
  read: (path) => readFile(path),
  async replace(path, octets) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const temporary = `${path}${temporarySuffix}`;
    try {
      const file = await open(temporary, "w", mode);
      try {
        for (const piece of octets) await file.writeFile(piece);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
      await syncDirectory(dirname(path));
    } catch (error) {
      // What was written of it takes room that is wanted.
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  },
  async append(path, at, octets) {
    const file = await open(path, "r+");
    try {
      await file.truncate(at);
      let written = 0;
      while (written < octets.length) {
        const { bytesWritten } = await file.write(octets, written, octets.length - written, at + written);
        written += bytesWritten;
      }
      await file.datasync();
    } finally {
      await file.close();
    }
  },
  rename,
  remove: (path) => rm(path, { force: true }),
};

/** A name that is not on disk yet is gone after a power cut. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(join(directory, "."), "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
