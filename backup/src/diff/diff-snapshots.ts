import type { Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";
import type { ItemError } from "../progress/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { Node } from "../tree/index.ts";

/** One side: a snapshot, or with `path` one directory of it. */
export interface DiffSide {
  readonly snapshot: { readonly tree: Id };
  readonly path?: ByteString;
}

/**
 * `+` added, `-` removed, `M` content modified, `U` metadata only (with `isMetadataCompared`), `T` type changed, as restic writes them;
 * `MU` when both content and metadata changed, `?` when content changed although size, mtime and ctime did not (rot, or a forged time).
 */
export type DiffLetters = "+" | "-" | "M" | "U" | "MU" | "T" | "TU" | "?" | "?U";

export interface DiffChange {
  readonly letters: DiffLetters;
  readonly path: ByteString;
  readonly before: Node | null;
  readonly after: Node | null;
}

export interface DiffOptions {
  /** Also report entries whose metadata alone changed (restic's `--metadata`). Default: false. */
  readonly isMetadataCompared?: boolean;
  /** Called for each change in path order. The next is looked for when a returned promise is settled. */
  readonly onChange?: (change: DiffChange) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

/** What one side has that the other has not. Bytes are stored bytes of blobs, each counted once. */
export interface DiffCounts {
  readonly files: number;
  readonly dirs: number;
  readonly others: number;
  readonly dataBlobs: number;
  readonly treeBlobs: number;
  readonly bytes: number;
}

export interface DiffSummary {
  readonly changedFiles: number;
  readonly added: DiffCounts;
  readonly removed: DiffCounts;
  readonly errors: number;
  readonly errorItems: readonly ItemError[];
}

/** Compares two snapshots, or two directories of them. Directories with the same id are not read. Throws NotFoundError, DamagedError. */
export async function diffSnapshots(
  _repository: Repository,
  _before: DiffSide,
  _after: DiffSide,
  _options: DiffOptions = {},
): Promise<DiffSummary> {
  throw new Error("diffSnapshots: not built yet");
}
