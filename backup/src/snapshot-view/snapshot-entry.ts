import { createHash } from "node:crypto";
import type { EntryType, SnapshotEntry } from "@mycloud/protocol/snapshot-view";
import { type ByteString, displayText } from "../byte-string/index.ts";
import { permissionsText } from "../listing/index.ts";
import { instantSeconds, type Node, nanosecondsOf } from "../tree/index.ts";

/** An entry as it is told to those who look. The path is absolute; what names it is written by `displayText`. */
export function snapshotEntry(path: ByteString, node: Node): SnapshotEntry {
  return {
    name: displayText(node.name),
    path: displayText(path),
    type: node.type satisfies EntryType,
    sizeBytes: node.type === "file" ? (node.size ?? 0) : null,
    modifiedAtMs: instantMs(node.mtime),
    mode: permissionsText(node),
    user: node.user ?? String(node.uid),
    group: node.group ?? String(node.gid),
    linkTarget: node.linkTarget === undefined ? null : displayText(node.linkTarget),
    contentId: contentIdOf(node),
  };
}

/** The folder above everything, which has no node of its own. */
export function rootEntry(snapshotAtMs: number): SnapshotEntry {
  return {
    name: "",
    path: "/",
    type: "dir",
    sizeBytes: null,
    modifiedAtMs: snapshotAtMs,
    mode: "drwxr-xr-x",
    user: "",
    group: "",
    linkTarget: null,
    contentId: null,
  };
}

/** Milliseconds since 1970, whole ones. */
export function instantMs(instant: string): number {
  return instantSeconds(instant) * 1000 + Math.floor(nanosecondsOf(instant) / 1_000_000);
}

/** Null for all but regular files. Two files of the same bytes that were cut into blobs in other ways have two. */
export function contentIdOf(node: Node): string | null {
  if (node.type !== "file") return null;
  const content = node.content ?? [];
  const [only] = content;
  if (only !== undefined && content.length === 1) return only;
  const hash = createHash("sha256");
  for (const id of content) hash.update(id);
  return hash.digest("hex");
}
