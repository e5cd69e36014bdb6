import type { Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";
import type { OnProgress } from "../progress/index.ts";
import type { RestoreGate } from "./restore-gate.ts";

/**
 * What happens to a file that exists. `always`: made equal, wrong parts only are written; `if-changed`: one of the same size and mtime
 * is taken to be equal unread; `if-newer`: replaced only when the snapshot's mtime is newer; `never`: left as it is.
 */
export const overwritePolicies = ["always", "if-changed", "if-newer", "never"] as const;
export type OverwritePolicy = (typeof overwritePolicies)[number];

/** What was done, or with a dry run would be, with one path. */
export type RestoreAction = "created" | "updated" | "unchanged" | "kept" | "deleted" | "failed";

export interface RestoreItem {
  readonly action: RestoreAction;
  /** Within the snapshot; for `deleted` where it would be. */
  readonly path: ByteString;
  /** Bytes of a regular file; 0 for everything else. */
  readonly sizeBytes: number;
}

export interface RestoreOptions {
  /** `paths` are what was backed up: directories above them are only the way there, and nothing is deleted from those. */
  readonly snapshot: { readonly tree: Id; readonly paths: readonly string[] };
  /** Restores what lies below this directory of the snapshot directly into the target, or this one file (`ID:path`). */
  readonly subfolder?: ByteString;
  /** An absolute directory, made when missing; the snapshot's absolute paths appear below it. `/` restores in place. */
  readonly target: string;
  /** Restores only these paths of the snapshot, with all below them; absolute and clean, no patterns. Default: all. */
  readonly onlyPaths?: readonly ByteString[];
  /** Leaves these paths and all below them as they are; as `onlyPaths`. */
  readonly exceptPaths?: readonly ByteString[];
  /** Patterns as in `--include` and `--exclude` (at most one kind is given; both: included and not excluded). */
  readonly includes?: readonly string[];
  readonly excludes?: readonly string[];
  /** Whether the case of letters counts in patterns; `--iinclude`, `--iexclude`. */
  readonly caseIgnoredIncludes?: readonly string[];
  readonly caseIgnoredExcludes?: readonly string[];
  /** Default: `always`. */
  readonly overwrite?: OverwritePolicy;
  /** Removes what the snapshot does not have from directories that are restored. Excluded paths stay. Default: false. */
  readonly isDeleting?: boolean;
  /** Says what would be done (`onItem`, summary) and changes nothing. Default: false. */
  readonly isDryRun?: boolean;
  /** Reads everything again afterwards and compares it with the snapshot's hashes. Default: false. */
  readonly isVerifying?: boolean;
  /** Makes holes of all long runs of zeros (`--sparse`). Default: only in files that had holes. */
  readonly isSparseForced?: boolean;
  /** Has a say before what is there is changed or removed; directories that are right already are not touched then. */
  readonly gate?: RestoreGate;
  /** Writes every file under a temporary name first, also where nobody can see it yet: a kill leaves no half of one. Default: false. */
  readonly isAlwaysWhole?: boolean;
  /** Worker threads. Default: as many as cores are available, at most 4. */
  readonly threads?: number;
  /** The present in milliseconds; default: Date.now. */
  readonly now?: () => number;
  /** Told of each path, in no particular order. */
  readonly onItem?: (item: RestoreItem) => void;
  readonly onProgress?: OnProgress;
  /** Until it resolves, the repository is read and nothing is written; where it rejects, the restore does too. */
  readonly mayWrite?: Promise<unknown>;
  readonly signal?: AbortSignal;
}
