import { type ByteString, joinBytes } from "../byte-string/index.ts";
import type { Node } from "../tree/index.ts";
import type { ChunkSizeName } from "./storing/file-content.ts";

const MiB = 1024 * 1024;
/** Below this, small chunks save too little to be worth their entries in the index. */
const smallestLargeFile = 8 * MiB;
/** From here on the list of small chunks alone, which is one tree blob, would outgrow memory: half a million ids are 35 MB of JSON. */
const largestCutSmall = 32 * 1024 * MiB;

/** Disk images and databases, which programs change a page at a time. */
const inPlaceExtensions = new Set(
  (
    "img raw qcow qcow2 qed vmdk vdi vhd vhdx hdd ibd myd myi sqlite sqlite3 db db3 sdb mdb accdb edb dbf pst ost nsf fdb gdb lmdb " +
    "mdf ndf ldf rdb wt"
  ).split(" "),
);

/** What is known of a file before it is cut. */
export interface FileToCut {
  readonly name: ByteString;
  readonly size: number;
  readonly inode: bigint;
}

/** How a file is cut, and why. */
export interface ChunkSizeChoice {
  readonly sizes: ChunkSizeName;
  readonly reason:
    | "small file"
    | "too large for small chunks"
    | "name of a disk image or database"
    | "changed in place"
    | "cut small before"
    | "ordinary";
}

/**
 * Small chunks for large files that change in place. Those known by their names are cut small from the first time on. One that the parent
 * snapshot shows to have changed (the same inode or the same size, with other content), or that was cut small before, is refined: only
 * what changed is cut small.
 */
export function chooseChunkSizes(file: FileToCut, previous: Node | null): ChunkSizeChoice {
  if (file.size >= largestCutSmall) return { sizes: "normal", reason: "too large for small chunks" };
  const isNamed = inPlaceExtensions.has(extensionOf(file.name)) || /^ibdata\d+$/.test(file.name);
  const wasSmall = previous?.type === "file" && wasCutSmall(previous);
  if (isNamed && (wasSmall || file.size >= smallestLargeFile)) {
    return { sizes: "small", reason: "name of a disk image or database" };
  }
  if (wasSmall) return { sizes: "refined", reason: "cut small before" };
  if (file.size < smallestLargeFile) return { sizes: "normal", reason: "small file" };
  if (previous?.type === "file" && (previous.size ?? 0) >= smallestLargeFile) {
    if (previous.inode === String(file.inode) || previous.size === file.size) {
      return { sizes: "refined", reason: "changed in place" };
    }
  }
  return { sizes: "normal", reason: "ordinary" };
}

/** By the average of its chunks, which is far from both kinds' own: restic's and our normal ones are never smaller than 512 KiB. */
function wasCutSmall(node: Node): boolean {
  const chunks = node.content?.length ?? 0;
  return (node.size ?? 0) >= smallestLargeFile && (node.size ?? 0) / chunks < 256 * 1024;
}

function extensionOf(name: ByteString): string {
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : joinBytes(name.slice(dot + 1).toLowerCase());
}
