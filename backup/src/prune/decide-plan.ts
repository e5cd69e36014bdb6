import type { Id } from "../blob/index.ts";
import { targetPackBytes } from "../pack/index.ts";
import type { PackUse } from "./pack-use.ts";
import type { PruneCount, PruneLimits, PrunePlan, UnusedLimit } from "./plan.ts";

/** What a plan is decided from. */
export interface PruneFindings {
  /** Packs in the index that exist. */
  readonly uses: readonly PackUse[];
  /** Sizes of packs that no index mentions. */
  readonly unreferenced: readonly { readonly id: Id; readonly sizeBytes: number }[];
  readonly missing: readonly Id[];
}

const defaultMaxUnused: UnusedLimit = { percentOfRepository: 5 };

/** Which packs go and which are written again: those with the greatest part of waste first, packs of trees before all, until the limits. */
export function decidePlan({ uses, unreferenced, missing }: PruneFindings, limits: PruneLimits): PrunePlan {
  const used = sum(uses.map((use) => ({ blobs: use.usedBlobs, bytes: use.usedBytes })));
  const duplicate = sum(uses.map((use) => ({ blobs: use.duplicateBlobs, bytes: use.duplicateBytes })));
  const unused = sum(uses.map((use) => ({ blobs: use.unusedBlobs, bytes: use.unusedBytes })));
  const toRemove = uses.filter((use) => use.usedBlobs === 0);
  const removed = sum(toRemove.map(wasteOf));
  const wasteLeft = duplicate.bytes + unused.bytes - removed.bytes;
  const toRepack = chooseRepacks(
    uses,
    wasteLeft,
    allowedWaste(limits.maxUnused ?? defaultMaxUnused, used.bytes),
    limits,
  );
  const repackFreed = sum(toRepack.map(wasteOf));
  const unreferencedBytes = unreferenced.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);
  const headers = uses.reduce((bytes, { headerBytes }) => bytes + headerBytes, 0);
  const removedHeaders = toRemove.reduce((bytes, { headerBytes }) => bytes + headerBytes, 0);
  const before = used.bytes + duplicate.bytes + unused.bytes + headers + unreferencedBytes;
  return {
    packsToRemove: toRemove.map(({ id }) => id),
    packsToRepack: toRepack.map(({ id }) => id),
    packsUnreferenced: unreferenced.map(({ id }) => id),
    packsMissing: missing,
    packsKept: uses.length - toRemove.length - toRepack.length,
    used,
    duplicate,
    unused,
    unreferencedBytes,
    removed,
    repacked: sum(toRepack.map((use) => ({ blobs: blobsOf(use), bytes: bytesOf(use) }))),
    repackFreed,
    totalBytesBefore: before,
    totalBytesAfter: before - removed.bytes - removedHeaders - repackFreed.bytes - unreferencedBytes,
    unusedBytesAfter: wasteLeft - repackFreed.bytes,
  };
}

function chooseRepacks(
  uses: readonly PackUse[],
  wasteLeft: number,
  mostWaste: number,
  limits: PruneLimits,
): readonly PackUse[] {
  const smallBytes = limits.repackSmall === true ? 0.8 * targetPackBytes : 0;
  const isSmall = (use: PackUse) => bytesOf(use) < smallBytes;
  const needed = uses.filter(
    (use) => use.usedBlobs > 0 && !(limits.repackCacheableOnly === true && use.type === "data"),
  );
  const small = needed.filter((use) => isWhole(use) && isSmall(use));
  const candidates = needed.filter((use) => !isWhole(use));
  for (const type of ["data", "tree"] as const) {
    const ofType = small.filter((use) => use.type === type);
    // Small packs that would not become fewer would be written again at every prune.
    const packsAfter = Math.ceil(ofType.reduce((bytes, use) => bytes + bytesOf(use), 0) / targetPackBytes);
    if (packsAfter < ofType.length) candidates.push(...ofType);
  }
  candidates.sort((a, b) => rank(a, isSmall) - rank(b, isSmall) || wasteRatio(b) - wasteRatio(a));
  const chosen: PackUse[] = [];
  let bytes = 0;
  let waste = wasteLeft;
  for (const use of candidates) {
    if (limits.maxRepackBytes !== undefined && bytes + bytesOf(use) > limits.maxRepackBytes) continue;
    // Packs of trees are read by every operation, so they are kept dense; a mixed one is taken apart.
    const isUrgent = use.type !== "data" || isSmall(use);
    if (!isUrgent && waste <= mostWaste) continue;
    chosen.push(use);
    bytes += bytesOf(use);
    waste -= wasteOf(use).bytes;
  }
  return chosen;
}

function rank(use: PackUse, isSmall: (use: PackUse) => boolean): number {
  if (use.type !== "data") return 0;
  return isSmall(use) ? 1 : 2;
}

/** Whether every byte of it is needed, and it holds blobs of one type. */
function isWhole(use: PackUse): boolean {
  return use.unusedBlobs + use.duplicateBlobs === 0 && use.type !== "mixed";
}

function wasteRatio(use: PackUse): number {
  return wasteOf(use).bytes / bytesOf(use);
}

/** Bytes of waste that may stay beside so many used ones. */
function allowedWaste(limit: UnusedLimit, usedBytes: number): number {
  if ("isUnlimited" in limit) return Number.POSITIVE_INFINITY;
  if ("bytes" in limit) return limit.bytes;
  const part = limit.percentOfRepository / 100;
  return part >= 1 ? Number.POSITIVE_INFINITY : (usedBytes * part) / (1 - part);
}

function wasteOf(use: PackUse): PruneCount {
  return { blobs: use.unusedBlobs + use.duplicateBlobs, bytes: use.unusedBytes + use.duplicateBytes };
}

function blobsOf(use: PackUse): number {
  return use.usedBlobs + wasteOf(use).blobs;
}

function bytesOf(use: PackUse): number {
  return use.usedBytes + wasteOf(use).bytes;
}

function sum(counts: readonly PruneCount[]): PruneCount {
  return counts.reduce((a, b) => ({ blobs: a.blobs + b.blobs, bytes: a.bytes + b.bytes }), { blobs: 0, bytes: 0 });
}
