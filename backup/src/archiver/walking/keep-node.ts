import type { FileStat } from "../../filesystem/index.ts";
import type { Node } from "../../tree/index.ts";
import { compareWithNode, isNodeCurrent, type Sameness } from "./change-detection.ts";
import type { WalkContext } from "./walk-context.ts";

type KeepContext = Pick<WalkContext, "change" | "nodeOptions" | "isParentComplete">;

/**
 * What of an entry is as in the parent snapshot. Where another program made that, nothing of an inode counts as the same: it may have
 * carried less (restic: no flags of chattr, no holes, no attributes of links).
 */
export function samenessOf(context: KeepContext, stat: FileStat, previous: Node): Sameness {
  const { isContentSame, isInodeSame } = compareWithNode(stat, previous, context.change);
  return { isContentSame, isInodeSame: isInodeSame && context.isParentComplete };
}

/** Whether an entry's node in the parent snapshot is exactly what we would write, so that it is kept: nothing changed, nor what its owner is called. */
export function isNodeKept(
  context: KeepContext,
  stat: FileStat,
  previous: Node,
  sameness = samenessOf(context, stat, previous),
): boolean {
  if (!sameness.isInodeSame) return false;
  const { accounts, withAtime } = context.nodeOptions;
  const user = accounts.userName(stat.uid);
  const group = accounts.groupName(stat.gid);
  return isNodeCurrent(previous, stat, { user, group, withAtime });
}
