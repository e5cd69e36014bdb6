import type { ByteString } from "../byte-string/index.ts";
import type { ItemError, OnProgress } from "../progress/index.ts";
import type { LookAhead } from "./walking/look-ahead.ts";

/** What to back up: paths, a stream that becomes one file, or the standard output of a command that becomes one file. */
export type BackupSource =
  | { readonly kind: "paths"; readonly paths: readonly ByteString[] }
  | { readonly kind: "stream"; readonly content: AsyncIterable<Uint8Array>; readonly fileName: ByteString }
  | {
      readonly kind: "command";
      /** Program and arguments; no shell. A command that fails makes no snapshot. */
      readonly command: readonly [string, ...string[]];
      readonly fileName: ByteString;
    };

/** What is left out, with restic's meaning of each. */
export interface Exclusions {
  /** Patterns (`pattern/`), matched against absolute paths. */
  readonly patterns?: readonly ByteString[];
  readonly caseInsensitivePatterns?: readonly ByteString[];
  /** `NAME` or `NAME:HEADER`: the content of a directory that has such a file (that begins with HEADER). */
  readonly ifPresent?: readonly ByteString[];
  /** The content of directories with a valid CACHEDIR.TAG. */
  readonly caches?: boolean;
  readonly largerThanBytes?: number;
  /** Stay on the file systems of the given paths; mount points are recorded as empty directories. */
  readonly otherFileSystems?: boolean;
}

/** Which snapshot is compared with. */
export type ParentChoice =
  /** The newest of the same group (restic's default: host and paths) that is not newer than this one. */
  | { readonly kind: "newest"; readonly groupBy?: readonly ("host" | "paths" | "tags")[] }
  /** An id, the beginning of one, or `latest`. */
  | { readonly kind: "snapshot"; readonly id: string }
  /** None: every file is read again (`--force`). */
  | { readonly kind: "none" };

/** How hard to compress: `auto` is zstd 3, `max` is slow and smallest. Repositories of version 1 are never compressed. */
export type CompressionMode = "auto" | "off" | "max";

/** Everything a backup may be told. Only `source`, `hostname` and `now` have no default. */
export interface BackupOptions {
  readonly source: BackupSource;
  readonly hostname: string;
  /** The present, in milliseconds since 1970. */
  readonly now: () => number;
  /** The snapshot's time in milliseconds since 1970, when it is not the present (`--time`). */
  readonly timeMs?: number;
  readonly tags?: readonly string[];
  /** Absolute paths of which the snapshot says that it is of them too, though nothing is there: what is there later was not then. */
  readonly absentPaths?: readonly ByteString[];
  readonly username?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly programVersion?: string;
  readonly exclude?: Exclusions;
  readonly parent?: ParentChoice;
  /** A file is unchanged without looking at its ctime; `ignoreInode` implies it, as in restic. */
  readonly ignoreCtime?: boolean;
  readonly ignoreInode?: boolean;
  /** Records access times; otherwise the node's atime is its mtime, as in restic. */
  readonly withAtime?: boolean;
  /** Counts what would be added; writes nothing, takes no lock. */
  readonly isDryRun?: boolean;
  /** Makes no snapshot when its tree would be the parent's. */
  readonly skipIfUnchanged?: boolean;
  /** Does not count files beforehand for the progress totals. */
  readonly noScan?: boolean;
  readonly compression?: CompressionMode;
  /** Size at which a pack is closed; 16 MiB. */
  readonly packSizeBytes?: number;
  /** Worker threads; as many as there are processors, at most 4. */
  readonly threads?: number;
  /** How long to wait for somebody else's exclusive lock; 0. */
  readonly retryLockForMs?: number;
  readonly onProgress?: OnProgress;
  /** Told of each surprise when it happens. */
  readonly onItemError?: (error: ItemError) => void;
  /** Told of each entry when it is done (`--verbose`): new, changed or unchanged, and the bytes it added. */
  readonly onItem?: (item: BackedUpItem) => void;
  /** Aborting makes no snapshot; what was uploaded is indexed, so that the next run does not send it again. */
  readonly signal?: AbortSignal;
  /** What was seen of the paths already, with the same exclusions: see `lookAhead`. */
  readonly lookAhead?: LookAhead;
}

/** One entry that was backed up. */
export interface BackedUpItem {
  readonly path: ByteString;
  readonly action: "new" | "changed" | "unchanged";
  readonly isDirectory: boolean;
  readonly sizeBytes: number;
}
