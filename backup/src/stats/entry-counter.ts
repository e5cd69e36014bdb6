import { hash } from "node:crypto";
import type { Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";
import { NotFoundError } from "../error/index.ts";
import type { BlobIndex } from "../index/index.ts";
import { BlobBitmap } from "../reachability/index.ts";
import type { Node } from "../tree/index.ts";
import type { StatisticsMode } from "./statistics.ts";

export interface EntryCounts {
  readonly files: number;
  readonly blobs: number;
  readonly totalSize: number;
}

/** Counts the entries of one snapshot after the other. */
export interface EntryCounter {
  /** Hard links are links within a snapshot. */
  beginSnapshot(): void;
  count(path: ByteString, node: Node): void;
  readonly counts: EntryCounts;
}

/** A counter for one mode. `index` is asked for the lengths of blobs. */
export function createEntryCounter(mode: Exclude<StatisticsMode, "raw-data">, index: BlobIndex): EntryCounter {
  if (mode === "restore-size") return createRestoreSizeCounter();
  const isNewContent = createContentFilter(index);
  const blobsOfPaths = new Map<ByteString, Set<Id>>();
  let [files, blobs, totalSize] = [0, 0, 0];

  function countBlobs(path: ByteString, content: readonly Id[]): void {
    let known = blobsOfPaths.get(path);
    if (known === undefined && content.length > 0) {
      known = new Set();
      blobsOfPaths.set(path, known);
      files += 1;
    }
    for (const id of content) {
      if (known === undefined || known.has(id)) continue;
      known.add(id);
      const length = index.plaintextLength("data", id);
      if (length === null) throw new NotFoundError(`no index mentions the data blob ${id}, which is needed`);
      totalSize += length;
      blobs += 1;
    }
  }

  return {
    beginSnapshot() {},
    count(path, node) {
      if (!isNewContent(node.content ?? [])) return;
      if (mode === "blobs-per-file") {
        countBlobs(path, node.content ?? []);
        return;
      }
      files += 1;
      totalSize += node.size ?? 0;
    },
    get counts() {
      return { files, blobs, totalSize };
    },
  };
}

function createRestoreSizeCounter(): EntryCounter {
  let linked = new Set<string>();
  let [files, totalSize] = [0, 0];
  return {
    beginSnapshot() {
      linked = new Set();
    },
    count(_path, node) {
      files += 1;
      if (node.links !== undefined && node.links !== 1 && node.type !== "dir" && node.inode !== undefined) {
        const link = `${node.deviceId ?? "0"} ${node.inode}`;
        if (linked.has(link)) return;
        linked.add(link);
      }
      totalSize += node.size ?? 0;
    },
    get counts() {
      return { files, blobs: 0, totalSize };
    },
  };
}

/** Whether content was not met before. That of one blob, most of it, costs one bit; all that is empty is one content, as in restic. */
function createContentFilter(index: BlobIndex): (content: readonly Id[]) => boolean {
  const single = new BlobBitmap(index);
  const others = new Set<string>();
  return (content) => {
    const [only] = content;
    if (only !== undefined && content.length === 1) return single.add("data", only) !== "present";
    const digest = hash("sha256", content.join(""), "base64");
    if (others.has(digest)) return false;
    others.add(digest);
    return true;
  };
}
