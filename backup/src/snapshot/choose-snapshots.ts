import { InputError } from "../error/index.ts";
import { listSnapshots, type SnapshotSource } from "./list-snapshots.ts";
import { compareSnapshots } from "./order.ts";
import { resolveSnapshot } from "./resolve-snapshot.ts";
import { matchesFilter, type SnapshotFilter } from "./select.ts";
import type { StoredSnapshot } from "./snapshot.ts";

/** Which snapshots an operation is about. */
export interface SnapshotChoice {
  /** Ids, beginnings of ids, `latest`. None: all that the filter admits. */
  readonly snapshots?: readonly string[];
  readonly filter?: SnapshotFilter;
}

/** The snapshots meant, each once, oldest first. Throws InputError for one with a path behind it, and as `resolveSnapshot` does. */
export async function chooseSnapshots(
  repository: SnapshotSource,
  { snapshots: names = [], filter = {} }: SnapshotChoice,
  signal?: AbortSignal,
): Promise<readonly StoredSnapshot[]> {
  if (names.length === 0) {
    return (await listSnapshots(repository, { signal })).filter((snapshot) => matchesFilter(snapshot, filter));
  }
  const chosen = new Map<string, StoredSnapshot>();
  for (const name of names) {
    const { snapshot, path } = await resolveSnapshot(repository, name, filter, signal);
    if (path !== "") throw new InputError(`snapshot "${name}" names a path; only whole snapshots can be meant here`);
    chosen.set(snapshot.id, snapshot);
  }
  return [...chosen.values()].sort(compareSnapshots);
}
