import type { Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import type { Node, NodeType } from "../tree/index.ts";
import type { ListedEntry } from "./listed-entry.ts";

/** What to find; every criterion that is given must hold. */
export interface FindCriteria {
  /** Names (`*.conf`) or paths (`/etc/**` + `/*.conf`) with wildcards as in `--exclude`; any of them. */
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

export interface FindOptions extends FindCriteria {
  /** Searched in this order; identical directories are read once. */
  readonly snapshots: readonly StoredSnapshot[];
  readonly signal?: AbortSignal;
}

export interface FoundEntry extends ListedEntry {
  readonly snapshot: StoredSnapshot;
}

/** The entries of these snapshots that meet the criteria, snapshot by snapshot, pre-order. */
export async function* findEntries(_repository: Repository, _options: FindOptions): AsyncGenerator<FoundEntry> {
  yield* [];
  throw new Error("findEntries: not built yet");
}

export interface FindObjectOptions {
  readonly snapshots: readonly StoredSnapshot[];
  /** Ids or their beginnings. */
  readonly blobs?: readonly string[];
  readonly trees?: readonly string[];
  readonly packs?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Where a blob is used: the file whose content has it, or the directory it is. */
export interface FoundObject {
  readonly type: "data" | "tree";
  readonly id: Id;
  /** The pack it was asked for by; null when it was asked for by itself. */
  readonly packId: Id | null;
  readonly path: ByteString;
  /** Null for the root directory of a snapshot. */
  readonly node: Node | null;
  readonly snapshot: StoredSnapshot;
}

/** The files and directories that use these blobs, trees, or anything in these packs. Throws NotFoundError for a pack no index knows. */
export async function* findObjects(_repository: Repository, _options: FindObjectOptions): AsyncGenerator<FoundObject> {
  yield* [];
  throw new Error("findObjects: not built yet");
}
