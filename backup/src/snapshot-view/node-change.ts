import type { EntryChange } from "@mycloud/protocol/snapshot-view";
import { areSameIds, haveSameAttributes } from "../diff/index.ts";
import type { Node } from "../tree/index.ts";

/**
 * What a person would say happened to an entry; null when nothing did. Times of access and of the inode, and its number, change by themselves and are no
 * change. Of two folders it is what is in them only when `isContentOfFoldersCompared`, since below folders others look.
 */
export function nodeChange(
  before: Node,
  after: Node,
  { isContentOfFoldersCompared = false }: { readonly isContentOfFoldersCompared?: boolean } = {},
): EntryChange["change"] | null {
  if (before.type !== after.type) return "type";
  const isContentSame =
    before.linkTarget === after.linkTarget &&
    before.device === after.device &&
    areSameIds(before.content, after.content) &&
    (!isContentOfFoldersCompared || before.subtree === after.subtree);
  if (!isContentSame) return "modified";
  return isMetadataSame(before, after) ? null : "metadata";
}

function isMetadataSame(before: Node, after: Node): boolean {
  return (
    before.mode === after.mode &&
    before.mtime === after.mtime &&
    before.uid === after.uid &&
    before.gid === after.gid &&
    before.user === after.user &&
    before.group === after.group &&
    haveSameAttributes(before.extendedAttributes ?? [], after.extendedAttributes ?? [])
  );
}
