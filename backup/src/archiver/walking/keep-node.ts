import type { FileStat } from "../../filesystem/index.ts";
import type { Node } from "../../tree/index.ts";
import { compareWithNode, isNodeCurrent } from "./change-detection.ts";
import type { WalkContext } from "./walk-context.ts";

/** Whether an entry's node in the parent snapshot is exactly what we would write, so that it is kept: nothing changed, nor what its owner is called. */
export function isNodeKept(
  context: Pick<WalkContext, "change" | "nodeOptions">,
  stat: FileStat,
  previous: Node,
): boolean {
  if (!compareWithNode(stat, previous, context.change).isInodeSame) return false;
  const { accounts, withAtime } = context.nodeOptions;
  const user = accounts.userName(stat.uid);
  const group = accounts.groupName(stat.gid);
  return isNodeCurrent(previous, stat, { user, group, withAtime });
}
