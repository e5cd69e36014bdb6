import type { BackupError } from "../error/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { StoredSnapshot } from "./snapshot.ts";

/** What listing needs of a repository. */
export type SnapshotSource = Pick<Repository, "backend" | "loadUnpacked">;

export interface ListSnapshotsOptions {
  readonly signal?: AbortSignal;
  /** Told of a snapshot file that cannot be read; it is passed over then. Without it, listing throws. */
  readonly onDamaged?: (id: string, error: BackupError) => void;
}

/** Every snapshot, oldest first (see `compareSnapshots`). One that vanishes meanwhile (forget) is passed over. */
export async function listSnapshots(
  repository: SnapshotSource,
  options: ListSnapshotsOptions = {},
): Promise<readonly StoredSnapshot[]> {
  throw new Error(`not built yet (${repository.backend.location} ${options.signal})`);
}
