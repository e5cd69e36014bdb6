import type { NodeType } from "../tree/index.ts";
import type { OverwritePolicy } from "./restore-options.ts";

/** What counts of an entry, in the snapshot or in the file system. */
export interface EntryFacts {
  readonly type: NodeType;
  /** Bytes, of regular files. */
  readonly size: number;
  readonly mtimeNs: bigint;
}

/**
 * `keep`: left as it is, with its metadata; `replace`: made anew; `compare`: its content is read, and what is right stays;
 * `trust`: its content is taken to be right unread.
 */
export type OverwriteDecision = "keep" | "replace" | "compare" | "trust";

/** What becomes of an entry that exists where the snapshot has one, not a directory on both sides. */
export function decideOverwrite(policy: OverwritePolicy, wanted: EntryFacts, existing: EntryFacts): OverwriteDecision {
  if (policy === "never") return "keep";
  if (policy === "if-newer" && wanted.mtimeNs <= existing.mtimeNs) return "keep";
  if (wanted.type !== existing.type) return "replace";
  const isSame = wanted.size === existing.size && wanted.mtimeNs === existing.mtimeNs;
  return policy === "if-changed" && isSame && wanted.type === "file" ? "trust" : "compare";
}
