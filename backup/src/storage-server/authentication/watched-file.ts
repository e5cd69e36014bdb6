import { stat } from "node:fs/promises";

/** A value read from a file, read again when the file changes. */
export interface WatchedFile<T> {
  get(): Promise<T>;
}

/**
 * Reads through `read` and again when size, time or inode of the file differ; every `get` looks, so that a change (a password, a revoked
 * token) holds for the next request. When a new version cannot be read, the old one stays and `onError` is told; the first read throws.
 */
export function watchFile<T>(
  path: string,
  read: (path: string) => Promise<T>,
  onError: (error: unknown) => void,
): WatchedFile<T> {
  let known: { value: T; version: string } | null = null;
  let checking: Promise<T> | null = null;

  async function check(): Promise<T> {
    const version = await versionOf(path);
    if (known !== null && known.version === version) return known.value;
    try {
      known = { value: await read(path), version };
    } catch (error) {
      if (known === null) throw error;
      known = { ...known, version };
      onError(error);
    }
    return known.value;
  }

  return {
    async get() {
      checking ??= check().finally(() => {
        checking = null;
      });
      return await checking;
    },
  };
}

async function versionOf(path: string): Promise<string> {
  const info = await stat(path, { bigint: true }).catch(() => null);
  return info === null ? "none" : `${info.ino} ${info.size} ${info.mtimeNs}`;
}
