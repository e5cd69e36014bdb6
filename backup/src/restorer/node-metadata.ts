import type { Metadata } from "../filesystem/index.ts";
import { instantSeconds, type Node, nanosecondsOf } from "../tree/index.ts";

/** The metadata that a node asks for. */
export function metadataOf(node: Node): Metadata {
  const flags = node.genericAttributes?.["linux.flags"];
  return {
    mode: node.mode,
    uid: node.uid,
    gid: node.gid,
    mtimeSeconds: instantSeconds(node.mtime),
    mtimeNanoseconds: nanosecondsOf(node.mtime),
    atimeSeconds: instantSeconds(node.atime),
    atimeNanoseconds: nanosecondsOf(node.atime),
    extendedAttributes: node.extendedAttributes ?? [],
    fileFlags: typeof flags === "number" && Number.isInteger(flags) ? flags : 0,
  };
}

/** Whether the file had holes when it was backed up. */
export function isSparse(node: Node): boolean {
  return node.genericAttributes?.["linux.sparse"] === true;
}
