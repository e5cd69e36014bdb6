import type { Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";
import type { Node } from "../tree/index.ts";
import type { LinkGroup } from "./hard-links.ts";
import type { RestoreDirectory } from "./restore-directory.ts";

/** A regular file that gets content. */
export interface PlannedFile {
  readonly directory: RestoreDirectory;
  readonly path: ByteString;
  readonly node: Node;
  readonly content: readonly Id[];
  /** Of each blob, in bytes. */
  readonly lengths: readonly number[];
  /** Bytes of all blobs. */
  readonly size: number;
  /** Whether something of that name is there. */
  readonly isReplacing: boolean;
  readonly isSparse: boolean;
  /** Others that are to be links of it; null when it has one name. */
  readonly group: LinkGroup | null;
}
