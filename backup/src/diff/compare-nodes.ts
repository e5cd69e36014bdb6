import type { ExtendedAttribute, Node } from "../tree/index.ts";

/**
 * As restic writes them: `+` added, `-` removed, `M` content modified, `U` metadata only, `T` type changed; `M?` when content changed
 * although size and times did not: rot, or a forged time.
 */
export type DiffLetters = "+" | "-" | "M" | "M?" | "U" | "T" | "TU";

/** What differs between two entries of one name; null when nothing does that is asked for. Below directories nobody looks here. */
export function compareNodes(before: Node, after: Node, isMetadataCompared: boolean): DiffLetters | null {
  const isTypeChanged = before.type !== after.type;
  if (before.type === "file" && after.type === "file" && !areSameIds(before.content, after.content)) {
    return hasSameMetadata(before, after) ? "M?" : "M";
  }
  const isMetadataChanged = isMetadataCompared && !hasSameMetadata(before, after);
  if (isTypeChanged) return isMetadataChanged ? "TU" : "T";
  return isMetadataChanged ? "U" : null;
}

/** Everything of a node but name, content and subtree. */
function hasSameMetadata(before: Node, after: Node): boolean {
  return (
    before.type === after.type &&
    before.mode === after.mode &&
    before.mtime === after.mtime &&
    before.atime === after.atime &&
    before.ctime === after.ctime &&
    before.uid === after.uid &&
    before.gid === after.gid &&
    before.user === after.user &&
    before.group === after.group &&
    before.inode === after.inode &&
    before.deviceId === after.deviceId &&
    before.size === after.size &&
    before.links === after.links &&
    before.linkTarget === after.linkTarget &&
    before.device === after.device &&
    before.error === after.error &&
    haveSameAttributes(before.extendedAttributes ?? [], after.extendedAttributes ?? []) &&
    JSON.stringify(before.genericAttributes ?? {}) === JSON.stringify(after.genericAttributes ?? {})
  );
}

/** Whether two contents are the same blobs in the same order. */
export function areSameIds(before: readonly string[] | null, after: readonly string[] | null): boolean {
  const [left, right] = [before ?? [], after ?? []];
  return left.length === right.length && left.every((id, at) => id === right[at]);
}

/** Whether two entries have the same extended attributes, in whatever order. */
export function haveSameAttributes(before: readonly ExtendedAttribute[], after: readonly ExtendedAttribute[]): boolean {
  if (before.length !== after.length) return false;
  const values = new Map(before.map(({ name, value }) => [name, value]));
  return after.every(({ name, value }) => values.get(name) === value);
}
