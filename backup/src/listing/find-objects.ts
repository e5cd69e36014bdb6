import type { Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";
import { InputError, NotFoundError } from "../error/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import type { Node } from "../tree/index.ts";
import type { TreeSource } from "./find-path.ts";
import { SnapshotSearch } from "./search-snapshots.ts";

export interface FindObjectOptions<Snapshot> {
  readonly snapshots: readonly Snapshot[];
  /** Ids or their beginnings. */
  readonly blobs?: readonly string[];
  readonly trees?: readonly string[];
  readonly packs?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Where a blob is used: the file whose content has it, or the directory it is. */
export interface ObjectUse {
  readonly type: "data" | "tree";
  readonly id: Id;
  /** The pack it was asked for by; null when it was asked for by itself. */
  readonly packId: Id | null;
  /** Empty for the root directory of a snapshot. */
  readonly path: ByteString;
  /** Null for the root directory of a snapshot. */
  readonly node: Node | null;
}

export interface FoundObject<Snapshot> extends ObjectUse {
  readonly snapshot: Snapshot;
}

/** The files and directories that use these blobs, trees, or anything in these packs. Throws NotFoundError for a pack no index knows. */
export async function* findObjects<Snapshot extends Pick<StoredSnapshot, "id" | "tree">>(
  source: TreeSource & { readonly index: Pick<Repository["index"], "packs" | "blobsOfPack"> },
  options: FindObjectOptions<Snapshot>,
): AsyncGenerator<FoundObject<Snapshot>> {
  const packOf = new Map<string, Id>();
  for (const packId of packsOf(source, options.packs ?? [])) {
    for (const { type, id } of source.index.blobsOfPack(packId)) packOf.set(`${type}/${id}`, packId);
  }
  const wanted = { data: prefixMatcher(options.blobs ?? []), tree: prefixMatcher(options.trees ?? []) };
  const use = (type: "data" | "tree", id: Id, path: ByteString, node: Node | null): ObjectUse | null => {
    const packId = packOf.get(`${type}/${id}`) ?? null;
    return packId !== null || wanted[type](id) ? { type, id, packId, path, node } : null;
  };
  const search = new SnapshotSearch<ObjectUse>(
    source,
    {
      onTree: (tree, path, node) => use("tree", tree, path, node),
      onEntry: ({ node, path }) =>
        [...new Set(node.content ?? [])].map((id) => use("data", id, path, node)).filter((found) => found !== null),
      shouldEnter: () => true,
    },
    options.signal,
  );
  for (const snapshot of options.snapshots) {
    for await (const found of search.in(snapshot.tree)) yield { ...found, snapshot };
  }
}

function packsOf(
  source: { readonly index: Pick<Repository["index"], "packs"> },
  beginnings: readonly string[],
): Set<Id> {
  const found = new Set<Id>();
  if (beginnings.length === 0) return found;
  const missing = new Set(beginnings);
  const wanted = prefixMatcher(beginnings);
  for (const { id } of source.index.packs()) {
    if (!wanted(id)) continue;
    found.add(id);
    for (const beginning of beginnings) if (id.startsWith(beginning.toLowerCase())) missing.delete(beginning);
  }
  if (missing.size > 0) throw new NotFoundError(`no index knows a pack ${[...missing].join(", ")}`);
  return found;
}

/** Whole ids by one look-up, beginnings one by one. Throws InputError for what is no beginning of an id. */
function prefixMatcher(beginnings: readonly string[]): (id: Id) => boolean {
  for (const beginning of beginnings) {
    if (!/^[0-9a-f]{1,64}$/i.test(beginning)) {
      throw new InputError(`"${beginning}" is not an id or the beginning of one: 1 to 64 hexadecimal digits`);
    }
  }
  const whole = new Set(beginnings.filter((beginning) => beginning.length === 64).map((id) => id.toLowerCase()));
  const partial = beginnings.filter((beginning) => beginning.length < 64).map((id) => id.toLowerCase());
  return (id) => whole.has(id) || partial.some((beginning) => id.startsWith(beginning));
}
