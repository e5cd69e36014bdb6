import { rm, stat } from "node:fs/promises";
import type { OwnedDestinationQueue } from "./destination-queue.ts";

const keptForMs = 7 * 24 * 3_600_000;

/** Removes the queues of destinations that are gone and into which nothing came for a week. */
export async function removeStale(
  queues: Map<string, OwnedDestinationQueue>,
  wanted: ReadonlySet<string>,
  nowMs: number,
): Promise<void> {
  for (const [folder, { directory }] of [...queues]) {
    if (wanted.has(folder)) continue;
    const changedAtMs = (await stat(directory).catch(() => undefined))?.mtimeMs;
    if (changedAtMs !== undefined && nowMs - changedAtMs < keptForMs) continue;
    queues.delete(folder);
    await rm(directory, { recursive: true, force: true });
  }
}
