import { byteString } from "../byte-string/index.ts";
import { createInclude } from "../pattern/index.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import { instantNs, type Node, type NodeType } from "../tree/index.ts";
import type { TreeSource } from "./find-path.ts";
import type { ListedEntry } from "./listed-entry.ts";
import { SnapshotSearch } from "./search-snapshots.ts";

/** What to find; every criterion that is given must hold. */
export interface FindCriteria {
  /** Names (`*.conf`) or paths (`/etc/**` + `/*.conf`) with wildcards as in `--exclude`; any of them. Default: everything. */
  readonly patterns?: readonly string[];
  readonly isCaseIgnored?: boolean;
  readonly types?: readonly NodeType[];
  /** Nanoseconds since 1970 of the modification, both ends included. */
  readonly oldestNs?: bigint;
  readonly newestNs?: bigint;
  /** Bytes, both ends included; only regular files have a size. */
  readonly minSizeBytes?: number;
  readonly maxSizeBytes?: number;
}

export interface FindOptions<Snapshot> extends FindCriteria {
  /** Searched in this order; identical directories are read once. */
  readonly snapshots: readonly Snapshot[];
  readonly signal?: AbortSignal;
}

export interface FoundEntry<Snapshot> extends ListedEntry {
  readonly snapshot: Snapshot;
}

/** The entries of these snapshots that meet the criteria, snapshot by snapshot, pre-order. Throws InputError for a malformed pattern. */
export async function* findEntries<Snapshot extends Pick<StoredSnapshot, "id" | "tree">>(
  source: TreeSource,
  options: FindOptions<Snapshot>,
): AsyncGenerator<FoundEntry<Snapshot>> {
  const sources = (options.patterns ?? []).filter((pattern) => pattern !== "").map(byteString);
  const lists = options.isCaseIgnored === true ? { patterns: [], caseInsensitive: sources } : { patterns: sources };
  const include = sources.length === 0 ? null : createInclude(lists);
  const search = new SnapshotSearch<ListedEntry>(
    source,
    {
      onEntry: (entry) =>
        meetsNode(options, entry.node) && (include === null || include(entry.path).isSelected) ? [entry] : [],
      shouldEnter: (path) => include === null || path === "" || include(path).childMayBeSelected,
    },
    options.signal,
  );
  for (const snapshot of options.snapshots) {
    for await (const entry of search.in(snapshot.tree)) yield { ...entry, snapshot };
  }
}

function meetsNode(criteria: FindCriteria, node: Node): boolean {
  const { types, oldestNs, newestNs, minSizeBytes, maxSizeBytes } = criteria;
  if (types !== undefined && !types.includes(node.type)) return false;
  if (minSizeBytes !== undefined || maxSizeBytes !== undefined) {
    if (node.type !== "file") return false;
    const size = node.size ?? 0;
    if (size < (minSizeBytes ?? 0) || size > (maxSizeBytes ?? Number.POSITIVE_INFINITY)) return false;
  }
  if (oldestNs === undefined && newestNs === undefined) return true;
  const mtimeNs = instantNs(node.mtime);
  return (oldestNs === undefined || mtimeNs >= oldestNs) && (newestNs === undefined || mtimeNs <= newestNs);
}
