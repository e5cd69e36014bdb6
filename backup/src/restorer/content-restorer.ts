import { closeSync } from "node:fs";
import type { BlobLocation, Id } from "../blob/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import type { Fault } from "../filesystem/index.ts";
import type { Repository } from "../repository/repository.ts";
import type { WorkerPool } from "../worker-pool/index.ts";
import type { DirectoryHandles } from "./directory-handles.ts";
import type { ItemResult, Place, RestoreJob, RestoreResult, WrittenBlob } from "./jobs.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { metadataOf } from "./node-metadata.ts";
import { planSegments, type Segment, type SegmentBlob } from "./pack-plan.ts";
import { openPartFile, type PartFile } from "./part-file.ts";
import type { PlannedFile } from "./planned-file.ts";
import type { TaskGroup } from "./task-group.ts";
import { temporaryName } from "./temporary-name.ts";

/** Where a blob goes: it is a whole file, or a part of one. */
type PlannedPlace =
  | { readonly kind: "whole"; readonly file: PlannedFile }
  | { readonly kind: "part"; readonly part: PartFile; readonly position: number; readonly isSparse: boolean };

interface WindowBlob {
  readonly id: Id;
  readonly location: BlobLocation;
  readonly places: PlannedPlace[];
}

/**
 * Files are restored window by window, so that memory is bounded whatever the snapshot's size; a window is wide enough that what lies
 * together in packs is read together.
 */
const windowLimits = { places: 4096, bytes: 128 * 1024 * 1024 };
/** The first window is narrow and each further one twice as wide, so that the threads need not wait for the walk to fill a wide one. */
const firstWindowPlaces = 512;
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

export type FileResult =
  | { readonly isRestored: true; readonly faults: readonly Fault[] }
  | { readonly isRestored: false; readonly during: string; readonly error: Fault | Error };

/** Brings the content of files from the repository's packs. */
export class ContentRestorer {
  readonly #options: ContentRestorerOptions;
  readonly #budget = new MemoryBudget(bytesOnTheWay, segmentsOnTheWay);
  readonly #parts = new Set<PartFile>();
  #window = new Map<Id, WindowBlob>();
  #windowPlaces = 0;
  #windowLimit = firstWindowPlaces;
  #windowBytes = 0;

  constructor(options: ContentRestorerOptions) {
    this.#options = options;
  }

  /** Asks for a file of one blob. Resolves when more may be asked for. */
  async addWhole(file: PlannedFile): Promise<void> {
    const [id] = file.content;
    if (id === undefined) throw new Error("a file without content needs none");
    if (!this.#want(id, file.size, { kind: "whole", file })) this.#options.onFile(file, missing(id));
    await this.#flushIfFull();
  }

  /** Opens a file of several blobs, of which some may be right already: `addParts` asks for the others. */
  async openParts(file: PlannedFile): Promise<PartFile | null> {
    while (this.#parts.size >= openPartFiles) {
      await this.flush();
      if (this.#parts.size >= openPartFiles) await this.#options.tasks.next();
    }
    try {
      const part = this.#options.handles.with(file.directory, (directory) => openPartFile(file, directory));
      this.#parts.add(part);
      return part;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#options.onFile(file, { isRestored: false, during: "create", error });
      return null;
    }
  }

  /** Asks for the blobs of a file that are not right yet (0 in `matches`). Resolves when more may be asked for. */
  async addParts(part: PartFile, matches: Uint8Array): Promise<void> {
    const { file } = part;
    // Where something is already, zeros must be written: the hole is not there.
    const isSparse = file.isSparse && !part.isReused;
    let position = 0;
    for (const [at, id] of file.content.entries()) {
      const length = file.lengths[at] ?? 0;
      if (matches[at] !== 1 && part.failure === null) {
        part.remaining++;
        if (!this.#want(id, length, { kind: "part", part, position, isSparse })) {
          part.remaining--;
          part.failure = missing(id);
        }
      }
      position += length;
      await this.#flushIfFull();
    }
    part.isPlanned = true;
    await this.#finishIfWritten(part);
    // Somebody may wait for it to be done before another can be opened.
    if (this.#parts.size >= openPartFiles) await this.flush();
  }

  /** Sends off everything that was asked for. */
  async flush(): Promise<void> {
    const blobs = this.#window;
    if (blobs.size === 0) return;
    this.#windowLimit = Math.min(windowLimits.places, this.#windowLimit * 2);
    this.#window = new Map();
    this.#windowPlaces = 0;
    this.#windowBytes = 0;
    for (const segment of planSegments(blobs.values(), segmentLimits)) {
      await this.#budget.take(segment.length);
      const { tasks, signal } = this.#options;
      const task = signal?.aborted === true ? Promise.reject(signal.reason) : this.#restoreSegment(segment);
      tasks.run(task.finally(() => this.#budget.give(segment.length)));
      tasks.throwIfFailed();
    }
  }

  /** Closes what is open. With `isKept`, unfinished temporary files stay for the next run to go on with. */
  abandon(isKept: boolean): void {
    for (const { fd, file } of this.#parts) {
      closeSync(fd);
      if (!isKept) this.#removeTemporary(file);
    }
    this.#parts.clear();
  }

  #want(id: Id, length: number, place: PlannedPlace): boolean {
    const known = this.#window.get(id);
    this.#windowPlaces++;
    if (known !== undefined) {
      known.places.push(place);
      return true;
    }
    const location = this.#options.repository.index.find("data", id);
    if (location === null) return false;
    this.#window.set(id, { id, location, places: [place] });
    this.#windowBytes += length;
    return true;
  }

  async #flushIfFull(): Promise<void> {
    if (this.#windowPlaces >= this.#windowLimit || this.#windowBytes >= windowLimits.bytes) await this.flush();
  }

  async #restoreSegment(segment: Segment<PlannedPlace>): Promise<void> {
    const { backend } = this.#options.repository;
    const { packId, offset, length } = segment;
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = await backend.load({ type: "data", name: packId }, { offset, length }, this.#options.signal);
    } catch (error) {
      if (!isAboutOneObject(error)) throw error;
      // Truncated or gone: each blob may be whole still, here or in another pack.
      for (const blob of segment.blobs) await this.#restoreAlone(blob);
      return;
    }
    const damaged = await this.#write(bytes, false, segment.blobs);
    for (const blob of damaged) await this.#restoreAlone(blob);
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
    await this.#write(bytes, true, [blob]);
  }

  /** Has blobs written; returns those that are damaged. */
  async #write(
    bytes: Uint8Array<ArrayBuffer>,
    isPlain: boolean,
    blobs: readonly SegmentBlob<PlannedPlace>[],
  ): Promise<readonly SegmentBlob<PlannedPlace>[]> {
    const { handles, pool } = this.#options;
    const reachable: SegmentBlob<PlannedPlace>[] = [];
    const job = { kind: "write" as const, bytes, isPlain, blobs: [] as WrittenBlob[] };
    for (const blob of blobs) {
      const places = await this.#reach(blob.places);
      if (places.length === 0) continue;
      reachable.push({ ...blob, places: places.map(([place]) => place) });
      job.blobs.push({ ...blob, places: places.map(([, reached]) => reached) });
    }
    if (reachable.length === 0) return [];
    let result: RestoreResult;
    try {
      result = await pool.run(job, { transfer: [bytes.buffer] });
    } finally {
      for (const { places } of reachable) {
        for (const place of places) if (place.kind === "whole") handles.unpin(place.file.directory);
      }
    }
    if (result.kind !== "write") throw new Error("a thread answered another job");
    const damaged: SegmentBlob<PlannedPlace>[] = [];
    for (const [at, blob] of reachable.entries()) {
      const written = result.blobs[at];
      if (written === undefined || typeof written === "string") damaged.push(blob);
      else await this.#settleAll(blob, written);
    }
    return damaged;
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

  async #settleAll(blob: SegmentBlob<PlannedPlace>, results: readonly ItemResult[]): Promise<void> {
    const length = blob.uncompressedLength ?? Math.max(0, blob.length - 32);
    for (const [at, place] of blob.places.entries()) {
      const result = results[at];
      if (result === undefined) throw new Error("a thread answered fewer places than it was given");
      const { failure, faults } = result;
      if (failure === null) this.#options.onBytes(length);
      await this.#settle(
        place,
        failure === null ? { isRestored: true, faults } : { isRestored: false, during: failure.during, error: failure },
      );
    }
  }

  async #settle(place: PlannedPlace, result: FileResult): Promise<void> {
    if (place.kind === "whole") {
      this.#options.onFile(place.file, result);
      return;
    }
    const { part } = place;
    part.remaining--;
    if (!result.isRestored) part.failure ??= result;
    await this.#finishIfWritten(part);
  }

  async #finishIfWritten(part: PartFile): Promise<void> {
    const { file, fd } = part;
    if (part.remaining > 0 || !part.isPlanned || !this.#parts.has(part)) return;
    const { handles, pool, onFile } = this.#options;
    if (part.failure !== null) {
      this.#close(part);
      this.#removeTemporary(file);
      onFile(file, { isRestored: false, ...part.failure });
      return;
    }
    // Taken out at once, so that nobody finishes it twice; closed when the thread is done with it.
    this.#parts.delete(part);
    try {
      const directory = handles.pin(file.directory);
      const result = await pool.run({
        kind: "finish",
        fd,
        size: file.size,
        directory: directory.fd,
        name: file.node.name,
        metadata: metadataOf(file.node),
        isReplacing: file.isReplacing,
      });
      handles.unpin(file.directory);
      const [item] = result.kind === "items" ? result.items : [];
      if (item === undefined) throw new Error("a thread answered another job");
      if (item.failure !== null) this.#removeTemporary(file);
      onFile(
        file,
        item.failure === null
          ? { isRestored: true, faults: item.faults }
          : { isRestored: false, during: item.failure.during, error: item.failure },
      );
    } finally {
      this.#close(part);
    }
  }

  #close(part: PartFile): void {
    closeSync(part.fd);
    this.#parts.delete(part);
  }

  #removeTemporary(file: PlannedFile): void {
    try {
      this.#options.handles.with(file.directory, (directory) => directory.remove(temporaryName(file.node.name)));
    } catch {
      // It has its name already, or the directory is gone; what made the file fail is told.
    }
  }
}

function missing(id: Id): Extract<FileResult, { isRestored: false }> {
  return { isRestored: false, during: "read", error: new NotFoundError(`no index of the repository knows blob ${id}`) };
}

/** Whether something is wrong with one stored object, so that others may still be read. */
function isAboutOneObject(error: unknown): error is DamagedError | NotFoundError {
  return error instanceof DamagedError || error instanceof NotFoundError;
}
