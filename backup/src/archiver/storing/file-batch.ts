import type { Id } from "../../blob/index.ts";
import type { ByteString } from "../../byte-string/index.ts";
import type { FileStat } from "../../filesystem/index.ts";
import type { ChunkSizeName } from "./file-content.ts";
import type { FileToStore, StoredFile } from "./store-file.ts";
import { encodeSeen, seenNumbers } from "./store-seen-file.ts";

// Messages between threads are copied, and most of what is copied is names of fields. So files travel as columns, and the answer for an
// ordinary file (`store-seen-file.ts`) is just its chunk's id.

/** Files to store, as they travel to a thread. */
export interface FileBatch {
  readonly names: ByteString[];
  readonly directoryFds: number[];
  readonly sizes: ChunkSizeName[];
  /** `seenNumbers` of each file. */
  readonly seen: Float64Array;
}

/** What became of a file, as it travels back: an id stands for an ordinary file's only chunk. */
export type BatchAnswer = Id | StoredFile;

/** Files and what the walk saw of them. */
export function encodeBatch(files: readonly { readonly file: FileToStore; readonly stat: FileStat }[]): FileBatch {
  const seen = new Float64Array(files.length * seenNumbers);
  for (const [index, { stat }] of files.entries()) seen.set(encodeSeen(stat), index * seenNumbers);
  return {
    names: files.map(({ file }) => file.name),
    directoryFds: files.map(({ file }) => file.directoryFd),
    sizes: files.map(({ file }) => file.sizes),
    seen,
  };
}

/** Does each file of a batch; what was seen of it is in `seen` from `at` on. */
export function answerBatch(
  { names, directoryFds, sizes, seen }: FileBatch,
  store: (file: FileToStore, seen: Float64Array, at: number) => BatchAnswer,
): BatchAnswer[] {
  return names.map((name, index) =>
    store({ name, directoryFd: directoryFds[index] ?? -1, sizes: sizes[index] ?? "normal" }, seen, index * seenNumbers),
  );
}

/** The whole answer again, for the one who has the file's stat. */
export function expandAnswer(answer: BatchAnswer, stat: FileStat): StoredFile {
  if (typeof answer !== "string") return answer;
  return {
    kind: "stored",
    content: [answer],
    size: stat.size,
    stat,
    metadata: { attributes: [], flags: 0, isSparse: false, faults: [] },
    isChanged: false,
  };
}
