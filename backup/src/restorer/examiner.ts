import type { Id } from "../blob/index.ts";
import type { Metadata } from "../filesystem/index.ts";
import type { WorkerPool } from "../worker-pool/index.ts";
import type { DirectoryHandles } from "./directory-handles.ts";
import { ItemBatch } from "./item-batch.ts";
import type { ExaminedItem, ExaminedResult, ExpectedRun, RestoreJob, RestoreResult } from "./jobs.ts";
import type { PlannedFile } from "./planned-file.ts";

/** Bytes that one job reads: small enough that an abort is not noticed late, large enough that the message costs nothing. */
const jobBytes = 8 * 1024 * 1024;
/** What a blob that is the one before it once more weighs where a file has holes: in a hole nothing is read. */
const repeatedWeight = 4 * 1024;
/** What a file weighs beside its content, so that tiny ones are not gathered by the thousand. */
const fileWeight = 128 * 1024;

/** Whether a file is what it should be, and which of its blobs are. */
export interface Examination extends Pick<ExaminedResult, "isEqual" | "matches" | "faults" | "failure"> {}

/** Compares files that exist with what the snapshot says, in the threads. */
export class Examiner {
  readonly #handles: DirectoryHandles;
  readonly #batch: ItemBatch<ExaminedItem, ExaminedResult>;

  constructor(pool: Pick<WorkerPool<RestoreJob, RestoreResult>, "run">, handles: DirectoryHandles) {
    this.#handles = handles;
    this.#batch = new ItemBatch(jobBytes, async (items) => {
      const result = await pool.run({ kind: "examine", items });
      if (result.kind !== "examine") throw new Error("a thread answered another job");
      return result.items;
    });
  }

  /** Compares the file of that name; an equal one gets the metadata at once, when there is any, and when it is this inode still. */
  async compareNamed(file: PlannedFile, inode: bigint | null, metadata: Metadata | null): Promise<Examination> {
    const { directory, node } = file;
    const source = { directory: this.#handles.pin(directory).fd, name: node.name, inode };
    try {
      return await this.#compare(file, source, metadata);
    } finally {
      this.#handles.unpin(directory);
    }
  }

  /** Compares an open file. */
  compareOpen(file: PlannedFile, fd: number): Promise<Examination> {
    return this.#compare(file, { fd }, null);
  }

  flush(): void {
    this.#batch.flush();
  }

  async #compare(file: PlannedFile, source: ExaminedItem["source"], metadata: Metadata | null): Promise<Examination> {
    const slices = slicesOf(file);
    const [only] = slices;
    if (only === undefined || slices.length === 1) {
      return this.#batch.add(itemOf(file, source, 0, file.content.length, 0, metadata), weightOf(file));
    }
    const matches = new Uint8Array(file.content.length);
    let whole: Examination = { isEqual: true, matches, faults: [], failure: null };
    for (const { from, to, position, isLast } of slices) {
      // The last one looks at the length of the file too, and dresses it if all before were right.
      const isDressed = isLast && whole.isEqual;
      const item = itemOf(file, source, from, to, position, isDressed ? metadata : null);
      const result = await this.#batch.add(item, jobBytes);
      matches.set(result.matches, from);
      const isRight = isLast ? result.isEqual : result.matches.every((match) => match === 1);
      whole = {
        ...whole,
        isEqual: whole.isEqual && isRight,
        faults: result.faults,
        failure: whole.failure ?? result.failure,
      };
    }
    return whole;
  }
}

function itemOf(
  file: PlannedFile,
  source: ExaminedItem["source"],
  from: number,
  to: number,
  position: number,
  metadata: Metadata | null,
): ExaminedItem {
  return { source, position, runs: runsOf(file, from, to), size: file.size, metadata };
}

function runsOf(file: PlannedFile, from: number, to: number): readonly ExpectedRun[] {
  const runs: { id: Id; length: number; count: number }[] = [];
  let last: { id: Id; length: number; count: number } | undefined;
  for (let at = from; at < to; at++) {
    const id = file.content[at] ?? "";
    if (last?.id === id) {
      last.count++;
    } else {
      last = { id, length: file.lengths[at] ?? 0, count: 1 };
      runs.push(last);
    }
  }
  return runs;
}

interface Slice {
  readonly from: number;
  readonly to: number;
  readonly position: number;
  readonly isLast: boolean;
}

/** Stretches of whole blobs of about `jobBytes`. */
function slicesOf(file: PlannedFile): readonly Slice[] {
  const slices: Slice[] = [];
  let from = 0;
  let start = 0;
  let position = 0;
  let weight = 0;
  for (let at = 0; at < file.content.length; at++) {
    const length = file.lengths[at] ?? 0;
    const isRepeated = file.isSparse && file.content[at] === file.content[at - 1];
    position += length;
    weight += isRepeated ? Math.min(length, repeatedWeight) : length;
    const isLast = at === file.content.length - 1;
    if (weight < jobBytes && !isLast) continue;
    weight = 0;
    slices.push({ from, to: at + 1, position: start, isLast });
    from = at + 1;
    start = position;
  }
  return slices;
}

function weightOf(file: PlannedFile): number {
  return file.size + fileWeight;
}
