import type { Id } from "../../blob/index.ts";
import type { ByteString } from "../../byte-string/index.ts";
import type { FileStat } from "../../filesystem/index.ts";
import type { ChunkSizeName } from "./file-content.ts";
import type { FileToStore, StatFields, StoredFile } from "./store-file.ts";

// Messages between threads are copied, and most of what is copied is names of fields. So files travel as columns, and the answer for an
// ordinary file (one chunk or none, no attributes, not touched since it was looked at) is just its chunk's id.

/** Files to store, as they travel to a thread. */
export interface FileBatch {
  readonly names: ByteString[];
  readonly directoryFds: number[];
  readonly sizes: ChunkSizeName[];
  /** Five numbers a file: see `seenNumbers`. */
  readonly seen: Float64Array;
}

/** What became of a file, as it travels back: an id stands for one chunk, "" for none. */
export type BatchAnswer = Id | "" | StoredFile;

const numbersPerFile = 5;

/** Files and what the walk saw of them. */
export function encodeBatch(files: readonly { readonly file: FileToStore; readonly stat: FileStat }[]): FileBatch {
  const seen = new Float64Array(files.length * numbersPerFile);
  for (const [index, { stat }] of files.entries()) seen.set(seenNumbers(stat), index * numbersPerFile);
  return {
    names: files.map(({ file }) => file.name),
    directoryFds: files.map(({ file }) => file.directoryFd),
    sizes: files.map(({ file }) => file.sizes),
    seen,
  };
}

/** Does each file of a batch. */
export function answerBatch(batch: FileBatch, store: (file: FileToStore) => StoredFile): BatchAnswer[] {
  return batch.names.map((name, index) => {
    const { directoryFds, sizes } = batch;
    const stored = store({ name, directoryFd: directoryFds[index] ?? -1, sizes: sizes[index] ?? "normal" });
    return abbreviate(stored, batch.seen.subarray(index * numbersPerFile, (index + 1) * numbersPerFile));
  });
}

/** The whole answer again, for the one who has the file's stat. */
export function expandAnswer(answer: BatchAnswer, stat: FileStat): StoredFile {
  if (typeof answer !== "string") return answer;
  return {
    kind: "stored",
    content: answer === "" ? [] : [answer],
    size: stat.size,
    stat,
    metadata: { attributes: [], flags: 0, isSparse: false, faults: [] },
    isChanged: false,
  };
}

function abbreviate(stored: StoredFile, seen: Float64Array): BatchAnswer {
  if (stored.kind !== "stored" || stored.isChanged || stored.content.length > 1) return stored;
  const { attributes, flags, isSparse, faults } = stored.metadata;
  if (attributes.length + faults.length + flags > 0 || isSparse || stored.size !== stored.stat.size) return stored;
  return seenNumbers(stored.stat).every((value, index) => value === seen[index]) ? (stored.content[0] ?? "") : stored;
}

/** What would differ had the file been touched or replaced: ctime cannot be set. */
function seenNumbers(stat: StatFields): number[] {
  return [stat.ctimeSeconds, stat.ctimeNanoseconds, stat.mtimeSeconds, stat.mtimeNanoseconds, Number(stat.inode)];
}
