import type { Backend } from "../../backend/index.ts";
import { saveIndex } from "../../index/index.ts";
import { packMemoryBytes } from "../../pack/index.ts";
import type { Repository } from "../../repository/index.ts";
import { createWorkerPool } from "../../worker-pool/index.ts";
import { FileIntake, type RunStoreJob } from "./file-intake.ts";
import { createPackMemory, PackMemory } from "./pack-memory.ts";
import { PackUploads } from "./pack-uploads.ts";
import { createFileStorer, type StoreJob, type StoreResult } from "./store-job.ts";
import type { FilledPack, StoreWorkerSetting } from "./store-worker.ts";
import { createTreeStorer, type TreeStorer } from "./tree-storer.ts";

export interface StoreSessionOptions {
  /** Its index is loaded. */
  readonly repository: Repository;
  /** Of zstd; null stores everything as it is. */
  readonly compressionLevel: number | null;
  readonly packSizeBytes: number;
  readonly threads: number;
  readonly isDryRun: boolean;
  readonly nowMs: () => number;
  readonly onBytes: (bytes: number) => void;
  /** Told of the first failure; the session stores nothing more then. */
  readonly onFailure: (reason: unknown) => void;
  readonly signal: AbortSignal;
}

/** Everything that turns content into stored packs, for one run. */
export interface StoreSession {
  readonly intake: FileIntake;
  readonly treeStorer: TreeStorer;
  readonly uploads: PackUploads;
  readonly runJob: RunStoreJob;
  /** Whether so much waits to be stored that no more should be found. */
  isFull(): boolean;
  whenRoom(): Promise<void>;
  /** Makes the threads hand over the packs they have begun. */
  flushThreads(): Promise<void>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** Packs beside those that the threads fill: on their way to the storage. A disk is quick; a server's latency is hidden by a second one. */
function packsUnderWayTo(backend: Pick<Backend, "connections">): number {
  return backend.connections > 4 ? 2 : 1;
}

/** A session; its threads start when there is content to store. */
export function openStoreSession(options: StoreSessionOptions): StoreSession {
  const { repository, threads, signal } = options;
  const packsUnderWay = packsUnderWayTo(repository.backend);
  const packMemory = createPackMemory(threads + packsUnderWay, packMemoryBytes(options.packSizeBytes));
  const places = new PackMemory(packMemory);
  const setting: StoreWorkerSetting = {
    key: repository.key,
    table: repository.index.shared,
    compressionLevel: options.compressionLevel,
    packSizeBytes: options.packSizeBytes,
    polynomial: repository.config.chunkerPolynomial,
    packMemory,
  };
  const uploads = new PackUploads({
    backend: repository.backend,
    saveIndex: (packs, saveSignal) => saveIndex(repository, packs, saveSignal),
    isDryRun: options.isDryRun,
    nowMs: options.nowMs,
    onFailure: options.onFailure,
    signal,
  });
  const pool = createWorkerPool<StoreJob, StoreResult, FilledPack>({
    entry: new URL("./store-worker.ts", import.meta.url),
    size: threads,
    setting,
    jobsInHand: 2,
    onNotice: ({ pack, place }) =>
      uploads.accept(pack, () => {
        if (place !== null) places.giveBack(place);
      }),
    signal,
  });
  const runJob: RunStoreJob = (job, runOptions) => pool.run(job, runOptions);
  let here: ((job: StoreJob) => StoreResult) | undefined;
  const runHere = (job: StoreJob) => {
    // This thread gives places back and must not wait for one; what it does itself is less than a pack.
    here ??= createFileStorer(setting, { onPack: (pack) => uploads.accept(pack) });
    return here(job);
  };
  const intake = new FileIntake({ pool, runJob, runHere, onBytes: options.onBytes, onFailure: options.onFailure });
  const isUploadBehind = () => uploads.held > threads + packsUnderWay;
  return {
    intake,
    treeStorer: createTreeStorer(setting, uploads),
    uploads,
    runJob,
    isFull: () => intake.isFull || isUploadBehind(),
    async whenRoom() {
      await intake.whenRoom();
      if (isUploadBehind()) await uploads.whenAtMost(threads + packsUnderWay);
    },
    async flushThreads() {
      await pool.runOnEach({ kind: "flush" });
    },
    close: () => pool.close(),
  };
}
