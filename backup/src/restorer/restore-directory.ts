import type { ByteString } from "../byte-string/index.ts";
import type { Node } from "../tree/index.ts";
import type { DirectoryPlace } from "./directory-handles.ts";

/**
 * `unmade`: nobody needed it yet; `ready`: it is there (in a dry run perhaps only in thought); `kept`: something else is there that
 * the overwrite policy keeps; `failed`: it cannot be made, and that was told.
 */
export type DirectoryState = "unmade" | "ready" | "kept" | "failed";

/** A directory while it is restored: from the walk's coming to it until the last thing in it is done. */
export class RestoreDirectory implements DirectoryPlace {
  readonly parent: RestoreDirectory | null;
  readonly name: ByteString;
  readonly path: ByteString;
  /** Null for the target directory. */
  readonly node: Node | null;
  readonly isSelected: boolean;
  /** It leads to what was backed up and was not backed up for itself. */
  readonly isOnTheWay: boolean;
  state: DirectoryState = "unmade";
  /** It was not there before. */
  isFresh = false;
  /** It is fresh, nobody else has a right to it before it gets its metadata, and what is made in it inherits nothing. */
  isBare = false;
  /** In a dry run: it is not there. */
  isImagined = false;
  /** The metadata of the snapshot is wanted. */
  isDressed = false;
  /** Not everything of it in the snapshot could be read, so nothing may be deleted from it. */
  isUnreadable = false;
  /** The walk through it, and everything in it that is not done. */
  pending = 1;
  /** Names that were there and that the snapshot has not mentioned so far. */
  readonly existing = new Set<ByteString>();

  constructor(fields: {
    readonly parent: RestoreDirectory | null;
    readonly name: ByteString;
    readonly path: ByteString;
    readonly node: Node | null;
    readonly isSelected: boolean;
    readonly isOnTheWay: boolean;
  }) {
    this.parent = fields.parent;
    this.name = fields.name;
    this.path = fields.path;
    this.node = fields.node;
    this.isSelected = fields.isSelected;
    this.isOnTheWay = fields.isOnTheWay;
  }
}
