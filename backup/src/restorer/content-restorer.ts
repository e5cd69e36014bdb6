import type { Id } from "../blob/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import { planSegments, type Segment, type SegmentBlob } from "../pack/plan-segments.ts";
import type { Repository } from "../repository/repository.ts";
import type { WorkerPool } from "../worker-pool/index.ts";
import { ContentWindow, type PlannedPlace } from "./content-window.ts";
import type { DirectoryHandles } from "./directory-handles.ts";
import type { ItemResult, Place, RestoreJob, RestoreResult, WriteResult, WriteSource } from "./jobs.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { metadataOf } from "./node-metadata.ts";
import type { PartFile } from "./part-file.ts";
import { type FileResult, PartFiles } from "./part-files.ts";
import type { PlannedFile } from "./planned-file.ts";
import type { TaskGroup } from "./task-group.ts";
import { columnsOf, type WrittenBlob } from "./written-blobs.ts";
import { ZeroBlobs } from "./zero-blobs.ts";

const segmentLimits = { gapBytes: 128 * 1024, segmentBytes: 2 * 1024 * 1024, places: 128 };
const bytesOnTheWay = 16 * 1024 * 1024;
/** Bounds the directories that are open at once, with the places of a segment. */
const segmentsOnTheWay = 8;
const openPartFiles = 96;

export interface ContentRestorerOptions {
  readonly repository: Pick<Repository, "backend" | "index" | "loadBlob">;
  readonly pool: Pick<WorkerPool<RestoreJob, RestoreResult>, "run">;
  readonly handles: DirectoryHandles;
  readonly tasks: TaskGroup;
  readonly signal: AbortSignal | undefined;
  /** A file is there under its name, or is not and never will be. */
  readonly onFile: (file: PlannedFile, result: FileResult) => void;
  readonly onBytes: (written: number) => void;
}

/** Brings the content of files from the repository's packs. */
export class ContentRestorer {
  readonly #options: ContentRestorerOptions;
  readonly #budget = new MemoryBudget(bytesOnTheWay, segmentsOnTheWay);
  readonly #parts: PartFiles;
  readonly #window: ContentWindow;
  readonly #zeros = new ZeroBlobs();

  constructor(options: ContentRestorerOptions) {
    this.#options = options;
    this.#parts = new PartFiles(options.pool, options.handles, options.onFile);
    this.#window = new ContentWindow(options.repository.index);
  }

  /** Asks for a file of one blob. What is returned resolves when more may be asked for; null when that is so at once. */
  addWhole(file: PlannedFile): Promise<void> | null {
    const [id] = file.content;
    if (id === undefined) throw new Error("a file without content needs none");
    if (!this.#window.want(id, file.size, { kind: "whole", file })) this.#options.onFile(file, missing(id));
    return this.#window.isFull ? this.flush() : null;
  }

  /** Opens a file of several blobs, of which some may be right already: `addParts` asks for the others. */
  async openParts(file: PlannedFile): Promise<PartFile | null> {
    while (this.#parts.size >= openPartFiles) {
      await this.flush();
      if (this.#parts.size >= openPartFiles) await this.#options.tasks.next();
    }
    return this.#parts.open(file);
  }

  /** Asks for the blobs of a file that are not right yet (0 in `matches`). Resolves when more may be asked for. */
  async addParts(part: PartFile, matches: Uint8Array): Promise<void> {
    const { file } = part;
    // Where something is already, zeros must be written: the hole is not there.
    const isSparse = file.isSparse && !part.isReused;
    let position = 0;
    let left = 0;
    for (const [at, id] of file.content.entries()) {
      const length = file.lengths[at] ?? 0;
      if (matches[at] !== 1 && part.failure === null) {
        if (isSparse && id === file.content[at - 1] && this.#zeros.has(id, length)) left += length;
        else this.#wantPart(part, id, length, position, isSparse);
      }
      position += length;
      if (this.#window.isFull) await this.flush();
    }
    if (left > 0) this.#options.onBytes(left);
    part.isPlanned = true;
    await this.#parts.finishIfWritten(part);
    // Somebody may wait for it to be done before another can be opened.
    if (this.#parts.size >= openPartFiles) await this.flush();
  }

  /** Sends off everything that was asked for. */
  async flush(): Promise<void> {
    for (const segment of planSegments(this.#window.take(), segmentLimits)) {
      await this.#budget.take(segment.length);
      const { tasks, signal } = this.#options;
      const task = signal?.aborted === true ? Promise.reject(signal.reason) : this.#restoreSegment(segment);
      tasks.run(task.finally(() => this.#budget.give(segment.length)));
      tasks.throwIfFailed();
    }
  }

  /** Closes what is open. With `isKept`, unfinished temporary files stay for the next run to go on with. */
  abandon(isKept: boolean): void {
    this.#parts.abandon(isKept);
  }

  #wantPart(part: PartFile, id: Id, length: number, position: number, isSparse: boolean): void {
    part.remaining++;
    if (this.#window.want(id, length, { kind: "part", part, position, isSparse })) return;
    part.remaining--;
    part.failure = missing(id);
  }

  async #restoreSegment(segment: Segment<PlannedPlace>): Promise<void> {
    const { backend } = this.#options.repository;
    const { packId, offset, length, blobs } = segment;
    const handle = { type: "data", name: packId } as const;
    const path = backend.pathOf?.(handle) ?? null;
    let source: WriteSource;
    try {
      source =
        path === null
          ? { kind: "sealed", bytes: await backend.load(handle, { offset, length }, this.#options.signal) }
          : { kind: "file", path, offset, length };
    } catch (error) {
      if (!isAboutOneObject(error)) throw error;
      // Truncated or gone: each blob may be whole still, here or in another pack.
      for (const blob of blobs) await this.#restoreAlone(blob);
      return;
    }
    for (const blob of await this.#write(source, blobs)) await this.#restoreAlone(blob);
  }

  /** A blob that could not be read where the index says first: any other place that has it will do. */
  async #restoreAlone(blob: SegmentBlob<PlannedPlace>): Promise<void> {
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      // A copy, for what is transferred is gone here.
      bytes = new Uint8Array(await this.#options.repository.loadBlob("data", blob.id, this.#options.signal));
    } catch (error) {
      if (!isAboutOneObject(error)) throw error;
      for (const place of blob.places) await this.#settle(place, { isRestored: false, during: "read", error });
      return;
    }
    await this.#write({ kind: "plain", bytes }, [blob]);
  }

  /** Has blobs written; returns those that are damaged, or that the thread could not read. */
  async #write(
    source: WriteSource,
    blobs: readonly SegmentBlob<PlannedPlace>[],
  ): Promise<readonly SegmentBlob<PlannedPlace>[]> {
    const { handles, pool } = this.#options;
    const reachable: SegmentBlob<PlannedPlace>[] = [];
    const written: WrittenBlob[] = [];
    for (const blob of blobs) {
      const places = await this.#reach(blob.places);
      if (places.length === 0) continue;
      reachable.push({ ...blob, places: places.map(([place]) => place) });
      written.push({ ...blob, places: places.map(([, reached]) => reached) });
    }
    if (reachable.length === 0) return [];
    const transfer = source.kind === "file" ? [] : [source.bytes.buffer];
    let result: RestoreResult;
    try {
      result = await pool.run({ kind: "write", source, blobs: columnsOf(written) }, { transfer });
    } finally {
      for (const { places } of reachable) {
        for (const place of places) if (place.kind === "whole") handles.unpin(place.file.directory);
      }
    }
    if (result.kind !== "write") throw new Error("a thread answered another job");
    return this.#settleAll(reachable, result);
  }

  /** Places with what a thread needs to reach them; one whose directory is gone is settled as failed. */
  async #reach(places: readonly PlannedPlace[]): Promise<readonly [PlannedPlace, Place][]> {
    const reached: [PlannedPlace, Place][] = [];
    for (const place of places) {
      try {
        reached.push([place, this.#placeOf(place)]);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        await this.#settle(place, { isRestored: false, during: "open", error });
      }
    }
    return reached;
  }

  #placeOf(place: PlannedPlace): Place {
    if (place.kind === "part") {
      return { kind: "part", fd: place.part.fd, position: place.position, isSparse: place.isSparse };
    }
    const { file } = place;
    return {
      kind: "whole",
      directory: this.#options.handles.pin(file.directory).fd,
      name: file.node.name,
      metadata: metadataOf(file.node),
      isReplacing: file.isReplacing,
      isSparse: file.isSparse,
      isDirect: file.directory.isBare,
    };
  }

  /** Settles the places of what was written; returns the blobs that were not. */
  async #settleAll(
    blobs: readonly SegmentBlob<PlannedPlace>[],
    result: WriteResult,
  ): Promise<readonly SegmentBlob<PlannedPlace>[]> {
    const damaged = new Set(result.damagedBlobs.map((number) => blobs[number]));
    const exceptions = new Map(result.places);
    let bytes = 0;
    let number = 0;
    for (const blob of blobs) {
      const length = blob.uncompressedLength ?? Math.max(0, blob.length - 32);
      for (const place of blob.places) {
        const exception = exceptions.get(number++);
        if (damaged.has(blob)) continue;
        if ((exception?.failure ?? null) === null) bytes += length;
        const settling = this.#settle(place, exception === undefined ? restored : resultOf(exception));
        if (settling !== null) await settling;
      }
    }
    this.#options.onBytes(bytes);
    return blobs.filter((blob) => damaged.has(blob));
  }

  #settle(place: PlannedPlace, result: FileResult): Promise<void> | null {
    if (place.kind === "part") return this.#parts.settle(place.part, result);
    this.#options.onFile(place.file, result);
    return null;
  }
}

const restored: FileResult = { isRestored: true, faults: [] };

function resultOf({ failure, faults }: ItemResult): FileResult {
  if (failure === null) return { isRestored: true, faults };
  return { isRestored: false, during: failure.during, error: failure };
}

function missing(id: Id): Extract<FileResult, { isRestored: false }> {
  return { isRestored: false, during: "read", error: new NotFoundError(`no index of the repository knows blob ${id}`) };
}

/** Whether something is wrong with one stored object, so that others may still be read. */
function isAboutOneObject(error: unknown): error is DamagedError | NotFoundError {
  return error instanceof DamagedError || error instanceof NotFoundError;
}
