import { sealOverheadBytes } from "../crypto/index.ts";
import type { BlobIndex } from "../index/index.ts";
import type { Node } from "../tree/index.ts";

/** What the index tells of a file's content, without reading any of it. */
export interface ContentFigures {
  readonly bytes: number;
  /** Size as stored divided by size: about 1 for what cannot be compressed. Null for an empty file, or where the index does not say. */
  readonly storedShare: number | null;
}

/** A file that shrank to less than this was compressible. */
export const compressibleBelow = 0.9;
/** A file that did not shrink to this was not. */
export const incompressibleFrom = 0.97;

/** Measures the content of a regular file by the index. */
export function contentFigures(index: Pick<BlobIndex, "find" | "plaintextLength">, node: Node): ContentFigures {
  let bytes = 0;
  let stored = 0;
  for (const id of node.content ?? []) {
    const place = index.find("data", id);
    const length = index.plaintextLength("data", id);
    if (place === null || length === null) return { bytes: node.size ?? 0, storedShare: null };
    bytes += length;
    stored += place.length - sealOverheadBytes;
  }
  return { bytes, storedShare: bytes === 0 ? null : stored / bytes };
}
