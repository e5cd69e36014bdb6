import { InputError } from "../error/index.ts";

/** What is to become of tags: either all of them anew, or some more and some fewer. */
export interface TagChanges {
  /** The tags from now on; none, or one empty one (as restic's `--set ""`), takes all away. */
  readonly set?: readonly string[];
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** Throws InputError when nothing is to be changed, or both kinds of change are asked for. */
export function checkTagChanges({ set, add = [], remove = [] }: TagChanges): void {
  const isPartial = add.length > 0 || remove.length > 0;
  if (set === undefined && !isPartial) throw new InputError("tag: say which tags to set, to add or to remove");
  if (set !== undefined && isPartial)
    throw new InputError("tag: either set the tags, or add and remove some; not both");
}

/** The tags after the changes, in their order, or null when they stay as they are. */
export function changedTags(present: readonly string[], changes: TagChanges): readonly string[] | null {
  const { set, add = [], remove = [] } = changes;
  const kept = set === undefined ? [...present, ...add].filter((tag) => !remove.includes(tag)) : [...set];
  const tags = [...new Set(kept)].filter((tag) => tag !== "");
  const isSame = tags.length === present.length && tags.every((tag, at) => tag === present[at]);
  return isSame ? null : tags;
}
