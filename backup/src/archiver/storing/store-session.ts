import type { Backend } from "../../backend/index.ts";
import { saveIndex } from "../../index/index.ts";
import type { FinishedPack } from "../../pack/index.ts";
import type { Repository } from "../../repository/index.ts";
import { createWorkerPool } from "../../worker-pool/index.ts";
import { FileIntake, type RunStoreJob } from "./file-intake.ts";
import { createPackCredits } from "./pack-credits.ts";
import { PackUploads } from "./pack-uploads.ts";
import { SpareBuffers } from "./spare-buffers.ts";
import { createFileStorer, type StoreJob, type StoreResult } from "./store-job.ts";
import type { StoreMessage, StoreWorkerSetting } from "./store-worker.ts";
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
  const credits = createPackCredits(threads + packsUnderWay);
  const setting: StoreWorkerSetting = {
    key: repository.key,
    table: repository.index.shared,
    compressionLevel: options.compressionLevel,
    packSizeBytes: options.packSizeBytes,
    polynomial: repository.config.chunkerPolynomial,
    credits: credits.shared,
  };
  const spares = new SpareBuffers();
  const uploads = new PackUploads({
    backend: repository.backend,
    saveIndex: (packs, saveSignal) => saveIndex(repository, packs, saveSignal),
    isDryRun: options.isDryRun,
    nowMs: options.nowMs,
    onReleased: (pack) => {
      spares.put(pack.bytes.buffer);
      if (pack.blobs[0]?.type === "data") credits.giveBack();
    },
    onFailure: options.onFailure,
    signal,
  });
  const pool = createWorkerPool<StoreMessage, StoreResult, FinishedPack>({
    entry: new URL("./store-worker.ts", import.meta.url),
    size: threads,
    setting,
    jobsInHand: 2,
    onNotice: (pack) => uploads.accept(pack),
    signal,
  });
  const runJob: RunStoreJob = (job, { isUrgent = false } = {}) => {
    const spare = spares.pop();
    return pool.run({ job, spare }, { isUrgent, transfer: spare === null ? [] : [spare] });
  };
  let here: ((job: StoreJob) => StoreResult) | undefined;
  const runHere = (job: StoreJob) => {
    here ??= createFileStorer(setting, {
      // This thread gives credits back and must not wait for one; what it does itself is less than a pack.
      beforePack: () => credits.takeBeyond(),
      onPack: (pack) => uploads.accept(pack),
      allocate: (bytes) => spares.take(bytes),
    });
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
      await pool.runOnEach({ job: { kind: "flush" }, spare: null });
    },
    close: () => pool.close(),
  };
}
