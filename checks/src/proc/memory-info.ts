import { readFileSync } from "node:fs";

/** The lines of /proc/meminfo used here, in bytes (proc(5)). */
export interface MemoryInfo {
  readonly totalBytes: number;
  readonly availableBytes: number;
  readonly freeBytes: number;
  readonly buffersBytes: number;
  readonly cachedBytes: number;
  readonly sharedBytes: number;
  readonly swapTotalBytes: number;
  readonly swapFreeBytes: number;
}

/** Reads `/proc/meminfo`. Kernels before 3.14 lack MemAvailable; free + buffers + cached stands in for it. */
export function readMemoryInfo(procRoot: string): MemoryInfo {
  const text = readFileSync(`${procRoot}/meminfo`, "utf8");
  const values = new Map<string, number>();
  for (const match of text.matchAll(/^(\w+):\s+(\d+) kB$/gm)) values.set(match[1] ?? "", Number(match[2]) * 1024);
  const total = values.get("MemTotal");
  if (total === undefined) throw new Error(`${procRoot}/meminfo has no MemTotal line`);
  const read = (name: string): number => values.get(name) ?? 0;
  return {
    totalBytes: total,
    availableBytes: values.get("MemAvailable") ?? read("MemFree") + read("Buffers") + read("Cached"),
    freeBytes: read("MemFree"),
    buffersBytes: read("Buffers"),
    cachedBytes: read("Cached") + read("SReclaimable"),
    sharedBytes: read("Shmem"),
    swapTotalBytes: read("SwapTotal"),
    swapFreeBytes: read("SwapFree"),
  };
}
