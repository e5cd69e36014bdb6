import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { cachedTypes } from "../cache/index.ts";

/**
 * Removes what is kept of whole repositories, the least lately used first, until the rest fits. Repositories in use stay. Throws nothing: a cache that
 * cannot be made smaller is not.
 */
export async function boundCache(directory: string, capacityBytes: number, inUse: ReadonlySet<string>): Promise<void> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const kept = await Promise.all(names.map((name) => measure(directory, name)));
  let bytes = kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  for (const { name, sizeBytes } of kept.sort((a, b) => a.usedAtMs - b.usedAtMs)) {
    if (bytes <= capacityBytes) return;
    if (inUse.has(name)) continue;
    await rm(join(directory, name), { recursive: true, force: true }).catch(() => undefined);
    bytes -= sizeBytes;
  }
}

async function measure(directory: string, name: string) {
  let sizeBytes = 0;
  let usedAtMs = 0;
  for (const type of cachedTypes) {
    const path = join(directory, name, type);
    for (const file of await readdir(path).catch(() => [])) {
      const found = await stat(join(path, file)).catch(() => null);
      if (found === null) continue;
      sizeBytes += found.size;
      usedAtMs = Math.max(usedAtMs, found.mtimeMs);
    }
  }
  return { name, sizeBytes, usedAtMs };
}
