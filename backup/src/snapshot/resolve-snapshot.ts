import type { ByteString } from "../byte-string/index.ts";
import type { SnapshotSource } from "./list-snapshots.ts";
import type { SnapshotFilter } from "./select.ts";
import type { StoredSnapshot } from "./snapshot.ts";

export interface ResolvedSnapshot {
  readonly snapshot: StoredSnapshot;
  /** What follows the first colon of `ID:path`; empty when the whole snapshot is meant. */
  readonly path: ByteString;
}

/**
 * The snapshot a person means: `latest` (of those the filter admits), an id, or the beginning of one; each may be followed by `:path`.
 * Throws NotFoundError when there is none, InputError when a beginning fits several.
 */
export async function resolveSnapshot(
  repository: SnapshotSource,
  specifier: string,
  filter: SnapshotFilter = {},
  signal?: AbortSignal,
): Promise<ResolvedSnapshot> {
  throw new Error(`not built yet (${repository.backend.location} ${specifier} ${filter.hosts} ${signal})`);
}
