import { type ByteString, byteString } from "../byte-string/index.ts";
import { InputError, NotFoundError } from "../error/index.ts";
import { listSnapshots, type SnapshotSource } from "./list-snapshots.ts";
import { newestSnapshot } from "./order.ts";
import { matchesFilter, type SnapshotFilter } from "./select.ts";
import type { StoredSnapshot } from "./snapshot.ts";
import { storedSnapshot } from "./stored-snapshot.ts";

export interface ResolvedSnapshot {
  readonly snapshot: StoredSnapshot;
  /** What follows the first colon of `ID:path`; empty when the whole snapshot is meant. */
  readonly path: ByteString;
}

const form = /^(latest|[0-9a-f]{1,64})(?::(.*))?$/s;

/**
 * The snapshot a person means: `latest` (of those the filter admits), an id, or the beginning of one; each may be followed by `:path`.
 * Throws NotFoundError when there is none, InputError when a beginning fits several. A snapshot that is damaged and not meant is no matter.
 */
export async function resolveSnapshot(
  repository: SnapshotSource,
  specifier: string,
  filter: SnapshotFilter = {},
  signal?: AbortSignal,
): Promise<ResolvedSnapshot> {
  const match = form.exec(specifier);
  if (match === null) {
    throw new InputError(
      `snapshot "${specifier}": write "latest", an id or its beginning, and perhaps ":path" after it`,
    );
  }
  const [, name = "", path = ""] = match;
  const snapshot =
    name === "latest" ? await findLatest(repository, filter, signal) : await findByPrefix(repository, name, signal);
  return { snapshot, path: byteString(path) };
}

async function findLatest(
  repository: SnapshotSource,
  filter: SnapshotFilter,
  signal: AbortSignal | undefined,
): Promise<StoredSnapshot> {
  // A damaged one might be the newest, so here it does matter: the error names it.
  const admitted = (await listSnapshots(repository, { signal })).filter((snapshot) => matchesFilter(snapshot, filter));
  const newest = newestSnapshot(admitted);
  if (newest === null) throw new NotFoundError(`there is no snapshot${describeFilter(filter)}`);
  return newest;
}

async function findByPrefix(
  repository: SnapshotSource,
  prefix: string,
  signal: AbortSignal | undefined,
): Promise<StoredSnapshot> {
  const fitting = (await repository.backend.list("snapshots", signal)).filter(({ name }) => name.startsWith(prefix));
  const [file, ...others] = fitting;
  if (file === undefined) throw new NotFoundError(`there is no snapshot ${prefix}`);
  if (others.length > 0) {
    const ids = fitting.slice(0, 5).map(({ name }) => name.slice(0, Math.max(8, prefix.length + 2)));
    throw new InputError(
      `snapshot ${prefix} is not unique: ${fitting.length} ids begin so (${ids.join(", ")}); write more of it`,
    );
  }
  return storedSnapshot(await repository.loadUnpacked("snapshots", file.name, signal), file);
}

function describeFilter({ hosts = [], tags = [], paths = [] }: SnapshotFilter): string {
  const parts = [
    hosts.length > 0 ? `host ${hosts.join(" or ")}` : "",
    tags.length > 0 ? `tags ${tags.map((list) => list.join(",")).join(" or ")}` : "",
    paths.length > 0 ? `paths ${paths.join(" and ")}` : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : ` of ${parts.join(", ")}`;
}
