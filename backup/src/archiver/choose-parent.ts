import type { ByteString } from "../byte-string/index.ts";
import type { Repository } from "../repository/index.ts";
import { listSnapshots } from "../snapshot/list-snapshots.ts";
import { newestSnapshot } from "../snapshot/order.ts";
import { resolveSnapshot } from "../snapshot/resolve-snapshot.ts";
import type { Snapshot, StoredSnapshot } from "../snapshot/snapshot.ts";
import { instantNs } from "../tree/index.ts";
import type { ParentChoice } from "./backup-options.ts";

/** What a new snapshot will say of itself. */
export type SnapshotIdentity = Required<Pick<Snapshot, "hostname" | "paths" | "tags">>;

/** The snapshot to compare with, or null. Throws NotFoundError when the one asked for by name is not there. */
export async function findParent(
  repository: Repository,
  choice: ParentChoice,
  identity: SnapshotIdentity,
  /** Milliseconds since 1970: no parent is newer than a snapshot whose time was given. Null: any. */
  notAfterMs: number | null,
  signal: AbortSignal,
): Promise<StoredSnapshot | null> {
  if (choice.kind === "none") return null;
  if (choice.kind === "snapshot") {
    return (await resolveSnapshot(repository, choice.id, { hosts: [identity.hostname] }, signal)).snapshot;
  }
  // One that cannot be read is a matter for verify, and no parent.
  const snapshots = await listSnapshots(repository, { signal, onDamaged: () => {} });
  return chooseParent(snapshots, choice.groupBy ?? ["host", "paths"], identity, notAfterMs);
}

/** The newest snapshot that agrees with the new one in these parts. */
export function chooseParent(
  snapshots: readonly StoredSnapshot[],
  groupBy: readonly ("host" | "paths" | "tags")[],
  identity: SnapshotIdentity,
  notAfterMs: number | null,
): StoredSnapshot | null {
  const candidates = snapshots.filter(
    (snapshot) =>
      (!groupBy.includes("host") || snapshot.hostname === identity.hostname) &&
      (!groupBy.includes("paths") || isSameSet(snapshot.paths, identity.paths)) &&
      (!groupBy.includes("tags") || isSameSet(snapshot.tags ?? [], identity.tags)) &&
      (notAfterMs === null || instantNs(snapshot.time) <= BigInt(notAfterMs) * 1_000_000n),
  );
  return newestSnapshot(candidates);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return [...new Set(a)].sort().join("\0") === [...new Set(b)].sort().join("\0");
}

/** Paths as a snapshot's document has them: text. Bytes that are no UTF-8 become U+FFFD there, as in restic's. */
export function snapshotPathText(path: ByteString): string {
  return Buffer.from(path, "latin1").toString("utf8");
}
