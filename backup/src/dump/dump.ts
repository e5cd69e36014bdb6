import type { Writable } from "node:stream";
import type { Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";
import type { OnProgress } from "../progress/index.ts";
import type { Repository } from "../repository/repository.ts";

export const dumpFormats = ["auto", "tar", "zip"] as const;
/** `auto`: a file as it is, a directory as tar. `tar` and `zip` make an archive of a file too. */
export type DumpFormat = (typeof dumpFormats)[number];

export interface DumpOptions {
  readonly snapshot: { readonly tree: Id };
  /** Absolute within the snapshot; `/` is all of it. */
  readonly path: ByteString;
  /** Default: `auto`. */
  readonly format?: DumpFormat;
  /** Bytes of a single file that is not archived; beyond its end there is nothing. */
  readonly range?: { readonly offset: number; readonly length: number };
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface DumpSummary {
  readonly entries: number;
  /** Bytes of content, before the archive's own. */
  readonly bytes: number;
  /** Entries an archive cannot hold (sockets; devices in zip), by path as text. */
  readonly omitted: readonly string[];
}

/**
 * Writes a file, or a directory as an archive, to `output` at the pace it takes, and ends it. Throws NotFoundError, InputError (a range of an
 * archive, a device), DamagedError: what was written until then is right, but not all; `output` is destroyed, so that nobody takes it for whole.
 */
export async function dump(_repository: Repository, _options: DumpOptions, _output: Writable): Promise<DumpSummary> {
  throw new Error("dump: not built yet");
}
