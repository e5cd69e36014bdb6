import { closeSync } from "node:fs";
import type { Fault } from "../filesystem/index.ts";
import type { WorkerPool } from "../worker-pool/index.ts";
import type { DirectoryHandles } from "./directory-handles.ts";
import type { RestoreJob, RestoreResult } from "./jobs.ts";
import { metadataOf } from "./node-metadata.ts";
import { openPartFile, type PartFile } from "./part-file.ts";
import type { PlannedFile } from "./planned-file.ts";
import { temporaryName } from "./temporary-name.ts";

/** What became of a file. */
export type FileResult =
  | { readonly isRestored: true; readonly faults: readonly Fault[] }
  | { readonly isRestored: false; readonly during: string; readonly error: Fault | Error };

/** The files of several blobs that are being written, each under its temporary name until it is whole. */
export class PartFiles {
  readonly #pool: Pick<WorkerPool<RestoreJob, RestoreResult>, "run">;
  readonly #handles: DirectoryHandles;
  readonly #onFile: (file: PlannedFile, result: FileResult) => void;
  readonly #open = new Set<PartFile>();

  /** `onFile` is told when a file has its name, or never will. */
  constructor(
    pool: Pick<WorkerPool<RestoreJob, RestoreResult>, "run">,
    handles: DirectoryHandles,
    onFile: (file: PlannedFile, result: FileResult) => void,
  ) {
    this.#pool = pool;
    this.#handles = handles;
    this.#onFile = onFile;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Null when it could not be opened, which was told. */
  open(file: PlannedFile): PartFile | null {
    try {
      const part = this.#handles.with(file.directory, (directory) => openPartFile(file, directory));
      this.#open.add(part);
      return part;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#onFile(file, { isRestored: false, during: "create", error });
      return null;
    }
  }

  /** A blob of the file was written, or could not be. Null when more is to come; else resolves when the file is done. */
  settle(part: PartFile, result: FileResult): Promise<void> | null {
    part.remaining--;
    if (!result.isRestored) part.failure ??= result;
    return part.remaining === 0 ? this.finishIfWritten(part) : null;
  }

  /** Gives a file that is whole its metadata and its name. */
  async finishIfWritten(part: PartFile): Promise<void> {
    if (part.remaining > 0 || !part.isPlanned || !this.#open.has(part)) return;
    // Taken out at once, so that nobody finishes it twice; closed when the thread is done with it.
    this.#open.delete(part);
    const { file, fd } = part;
    try {
      const failure = part.failure === null ? null : { isRestored: false as const, ...part.failure };
      const result = failure ?? (await this.#finish(part));
      if (!result.isRestored) this.#removeTemporary(file);
      this.#onFile(file, result);
    } finally {
      closeSync(fd);
    }
  }

  /** Closes what is open. With `isKept`, unfinished temporary files stay for the next run to go on with. */
  abandon(isKept: boolean): void {
    for (const { fd, file } of this.#open) {
      closeSync(fd);
      if (!isKept) this.#removeTemporary(file);
    }
    this.#open.clear();
  }

  async #finish({ file, fd }: PartFile): Promise<FileResult> {
    const directory = this.#handles.pin(file.directory);
    const result = await this.#pool.run({
      kind: "finish",
      fd,
      size: file.size,
      directory: directory.fd,
      name: file.node.name,
      metadata: metadataOf(file.node),
      isReplacing: file.isReplacing,
    });
    this.#handles.unpin(file.directory);
    const [item] = result.kind === "items" ? result.items : [];
    if (item === undefined) throw new Error("a thread answered another job");
    const { failure, faults } = item;
    return failure === null
      ? { isRestored: true, faults }
      : { isRestored: false, during: failure.during, error: failure };
  }

  #removeTemporary(file: PlannedFile): void {
    try {
      this.#handles.with(file.directory, (directory) => directory.remove(temporaryName(file.node.name)));
    } catch {
      // It has its name already, or the directory is gone; what made the file fail is told.
    }
  }
}
