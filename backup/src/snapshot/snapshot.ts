import type { Id } from "../blob/index.ts";
import type { InstantText } from "../tree/index.ts";

/** Figures of the backup that made a snapshot: restic's fields, and ours after them (other programs pass over those). */
export interface SnapshotSummary {
  readonly backup_start: InstantText;
  readonly backup_end: InstantText;
  readonly files_new: number;
  readonly files_changed: number;
  readonly files_unmodified: number;
  readonly dirs_new: number;
  readonly dirs_changed: number;
  readonly dirs_unmodified: number;
  readonly data_blobs: number;
  readonly tree_blobs: number;
  /** Bytes before and after compression and encryption that this backup added. */
  readonly data_added: number;
  readonly data_added_packed: number;
  readonly total_files_processed: number;
  readonly total_bytes_processed: number;
  /** Entries that could not be read or carried whole, and the first 100 of them. */
  readonly errors?: number;
  readonly error_items?: readonly { readonly item: string; readonly during: string; readonly message: string }[];
}

/** A snapshot file, in restic's own field names. */
export interface Snapshot {
  readonly time: InstantText;
  readonly parent?: Id;
  readonly tree: Id;
  readonly paths: readonly string[];
  readonly hostname?: string;
  readonly username?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly excludes?: readonly string[];
  readonly tags?: readonly string[];
  readonly original?: Id;
  readonly program_version?: string;
  readonly summary?: SnapshotSummary;
  /** Ours, in a snapshot that was stored again (tag, rewrite): the place in the order of arrival that the first one had. */
  readonly arrival_sequence?: number;
}

/** A snapshot with its name and, where a server counts them, its place in the order of arrival. */
export interface StoredSnapshot extends Snapshot {
  readonly id: Id;
  readonly sequence: number | null;
}
