import type { FileStat } from "../../filesystem/index.ts";
import { type InstantText, instantSeconds, type Node, nanosecondsOf } from "../../tree/index.ts";

/** What a file need not have kept to count as unchanged. */
export interface ChangeOptions {
  readonly ignoreCtime: boolean;
  readonly ignoreInode: boolean;
}

/** What of an entry is as it was in the parent snapshot. */
export interface Sameness {
  /** Type, size, mtime, and as far as asked for ctime and inode: then a file is not read again. */
  readonly isContentSame: boolean;
  /** Nothing at all changed since, not even rights, owner or attributes: ctime and inode say so. */
  readonly isInodeSame: boolean;
}

const different: Sameness = { isContentSame: false, isInodeSame: false };

/** Compares an entry with its node in the parent snapshot. */
export function compareWithNode(stat: FileStat, node: Node, options: ChangeOptions): Sameness {
  if (stat.type !== node.type) return different;
  const isMtimeSame = isInstant(node.mtime, stat.mtimeSeconds, stat.mtimeNanoseconds);
  const isCtimeSame = isInstant(node.ctime, stat.ctimeSeconds, stat.ctimeNanoseconds);
  const isNumberSame = node.inode === String(stat.inode);
  const isSizeSame = stat.type !== "file" || stat.size === (node.size ?? 0);
  return {
    isContentSame:
      isSizeSame &&
      isMtimeSame &&
      (isCtimeSame || options.ignoreCtime || options.ignoreInode) &&
      (isNumberSame || options.ignoreInode),
    isInodeSame: isSizeSame && isMtimeSame && isCtimeSame && isNumberSame,
  };
}

/** Whether a text is this instant, in whatever zone: restic writes local ones. Compared as numbers, since most are equal and making text costs more. */
export function isInstant(text: InstantText, seconds: number, nanoseconds: number): boolean {
  return nanosecondsOf(text) === nanoseconds && instantSeconds(text) === seconds;
}

/** Whether the parent's node still says what a new one would, so that it can be kept as it is written there. */
export function isNodeCurrent(
  node: Node,
  stat: FileStat,
  expected: { readonly user: string | undefined; readonly group: string | undefined; readonly withAtime: boolean },
): boolean {
  const isAtimeSame = expected.withAtime
    ? isInstant(node.atime, stat.atimeSeconds, stat.atimeNanoseconds)
    : node.atime === node.mtime;
  return (
    isAtimeSame &&
    node.mode === stat.mode &&
    node.uid === stat.uid &&
    node.gid === stat.gid &&
    (node.user ?? "") === (expected.user ?? "") &&
    (node.group ?? "") === (expected.group ?? "") &&
    (stat.type === "dir" || (node.links ?? 0) === stat.links) &&
    (stat.links === 1 || stat.type === "dir" || node.deviceId === String(stat.deviceId))
  );
}
