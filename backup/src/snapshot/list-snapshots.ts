import { type BackupError, DamagedError, NotFoundError } from "../error/index.ts";
import type { Repository } from "../repository/repository.ts";
import { compareSnapshots } from "./order.ts";
import type { StoredSnapshot } from "./snapshot.ts";
import { storedSnapshot } from "./stored-snapshot.ts";

/** What listing needs of a repository. */
export type SnapshotSource = Pick<Repository, "backend" | "loadUnpacked">;

export interface ListSnapshotsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of a snapshot file that cannot be read; it is passed over then. Without it, listing throws. */
  readonly onDamaged?: (id: string, error: BackupError) => void;
}

/** Every snapshot, oldest first (see `compareSnapshots`). One that vanishes meanwhile (forget) is passed over. */
export async function listSnapshots(
  repository: SnapshotSource,
  options: ListSnapshotsOptions = {},
): Promise<readonly StoredSnapshot[]> {
  const { signal, onDamaged } = options;
  const snapshots: StoredSnapshot[] = [];
  const remaining = (await repository.backend.list("snapshots", signal)).values();
  async function work(): Promise<void> {
    for (const file of remaining) {
      const { name } = file;
      signal?.throwIfAborted();
      try {
        snapshots.push(storedSnapshot(await repository.loadUnpacked("snapshots", name, signal), file));
      } catch (error) {
        if (error instanceof NotFoundError) continue;
        if (!(error instanceof DamagedError) || onDamaged === undefined) throw error;
        onDamaged(name, error);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, repository.backend.connections) }, work));
  return snapshots.sort(compareSnapshots);
}
