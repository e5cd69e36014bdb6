import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

export interface CacheEntry {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly usedAtMs: number;
}

/** Everything in a directory of the cache, temporaries of killed writers included. None when it cannot be read. */
export async function listEntries(directory: string): Promise<CacheEntry[]> {
  const names = await readdir(directory).catch((): string[] => []);
  const entries = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const found = await stat(path).catch(() => null);
      return found === null ? null : { name, path, sizeBytes: found.size, usedAtMs: found.mtimeMs };
    }),
  );
  return entries.filter((entry) => entry !== null);
}

/**
 * Which entries have to go: none while they fit; else those not used for longest, until a tenth of the capacity is free, so that not every
 * new entry evicts another.
 */
export function selectEvicted(entries: readonly CacheEntry[], capacityBytes: number): CacheEntry[] {
  let bytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (bytes <= capacityBytes) return [];
  const evicted: CacheEntry[] = [];
  for (const entry of [...entries].sort((a, b) => a.usedAtMs - b.usedAtMs)) {
    if (bytes <= capacityBytes * 0.9) break;
    evicted.push(entry);
    bytes -= entry.sizeBytes;
  }
  return evicted;
}
