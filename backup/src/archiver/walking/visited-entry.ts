import type { ByteString } from "../../byte-string/index.ts";
import type { Directory } from "../../filesystem/index.ts";
import type { Node } from "../../tree/index.ts";
import type { DirectoryFrame } from "./directory-frame.ts";

/** An entry as the walk came to it. */
export interface VisitedEntry {
  /** The directory of the snapshot that it belongs to. */
  readonly frame: DirectoryFrame;
  /** The open directory that it lies in. */
  readonly directory: Directory;
  /** Its name on disk; `name` is the one in the snapshot. */
  readonly realName: ByteString;
  readonly name: ByteString;
  /** Absolute. */
  readonly path: ByteString;
  readonly previous: Node | null;
  /** Of the target that it was reached from. */
  readonly deviceId: bigint;
  /** A target that a person named: no pattern leaves it out. */
  readonly isNamed: boolean;
}
