import type { Id } from "../blob/index.ts";
import { DamagedError } from "../error/index.ts";
import type { BlobBitmap } from "../reachability/index.ts";
import type { Repository } from "../repository/repository.ts";
import { decidePlan } from "./decide-plan.ts";
import { measurePackUse } from "./pack-use.ts";
import type { PruneLimits, PrunePlan } from "./plan.ts";

/**
 * Compares index and packs and decides what to do. Throws DamagedError when a pack that is needed is missing or has another size than
 * the index says.
 */
export async function makePlan(
  repository: Repository,
  needed: BlobBitmap,
  limits: PruneLimits,
  signal: AbortSignal,
): Promise<PrunePlan> {
  const { index } = repository;
  const sizes = new Map<Id, number>();
  for (const { name, sizeBytes } of await repository.backend.list("data", signal)) sizes.set(name, sizeBytes);
  const uses = measurePackUse(index, needed, (packId) => sizes.has(packId));
  const missing: Id[] = [];
  for (const { id } of index.packs()) {
    const use = uses.get(id);
    if (use === undefined) {
      refuseIfNeeded(repository, needed, id, sizes);
      missing.push(id);
      continue;
    }
    const expected = use.usedBytes + use.duplicateBytes + use.unusedBytes + use.headerBytes;
    const size = sizes.get(id);
    if (size !== expected && use.usedBlobs > 0) {
      throw new DamagedError(
        `data/${id}`,
        `is ${size} bytes long, and ${expected} by the index; repair the index first`,
      );
    }
  }
  const unreferenced = [...sizes].filter(([id]) => !uses.has(id)).map(([id, sizeBytes]) => ({ id, sizeBytes }));
  return decidePlan({ uses: [...uses.values()], unreferenced, missing }, limits);
}

/** A missing pack matters when a needed blob was in no other. */
function refuseIfNeeded(repository: Repository, needed: BlobBitmap, packId: Id, sizes: ReadonlyMap<Id, number>): void {
  const { index } = repository;
  for (const { type, id } of index.blobsOfPack(packId)) {
    if (!needed.has(type, id)) continue;
    if (index.findAll(type, id).some((place) => sizes.has(place.packId))) continue;
    throw new DamagedError(`data/${packId}`, `is missing, and the ${type} blob ${id} is needed; nothing was changed`);
  }
}
