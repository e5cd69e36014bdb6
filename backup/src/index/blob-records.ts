import { loadModule } from "../wasm/index.ts";

/** Of a record: the id, then these. */
export const recordWords = 12;
export const recordType = 8;
export const recordOffset = 9;
export const recordLength = 10;
export const recordUncompressedLength = 11;

/** Below this, making the module costs more than it gains; above, its memory would be too much. */
const leastBytes = 16 * 1024;
const mostBytes = 256 * 1024 * 1024;

/** Reads the blobs of an index file's text many at a time, as far as they are written as restic and this program write them. */
export interface BlobRecords {
  /** What the last `take` found: for each blob its id as eight words, 1 for a tree, offset, length, length before compression (0: not compressed). */
  readonly records: Uint32Array;
  /** Where the last `take` ended. */
  readonly position: number;
  /** Reads from the beginning of a blob; returns how many it found, 0 where the text is of another form. */
  take(position: number): number;
}

/** Null for a text that is not worth it. */
export function openBlobRecords(text: Uint8Array): BlobRecords | null {
  if (text.length < leastBytes || text.length > mostBytes) return null;
  const module = loadModule("index-blobs");
  if (module.call("reserve")(text.length) === 0) return null;
  const memory = module.grownMemory();
  memory.set(text, module.constant("textAt"));
  const take = module.call("take");
  const positionOf = module.call("position");
  const recordsAt = module.constant("recordsAt");
  return {
    records: new Uint32Array(memory.buffer, recordsAt, module.constant("mostRecords") * recordWords),
    get position() {
      return positionOf();
    },
    take: (position) => take(position, text.length),
  };
}
