// The entry module of the threads that store files.
import type { FinishedPack } from "../../pack/index.ts";
import { serveJobs } from "../../worker-pool/index.ts";
import { PackMemory, type SharedPackMemory } from "./pack-memory.ts";
import { createFileStorer, type FileStorerSetting, type StoreJob, type StoreResult } from "./store-job.ts";

/** What each thread is started with. */
export interface StoreWorkerSetting extends FileStorerSetting {
  readonly packMemory: SharedPackMemory;
}

/** A pack that a thread has filled, and which place of the shared memory it takes; null when its own. */
export interface FilledPack {
  readonly pack: FinishedPack;
  readonly place: number | null;
}

serveJobs<StoreWorkerSetting, StoreJob, StoreResult, FilledPack>((setting, notify) => {
  const memory = new PackMemory(setting.packMemory);
  let place: number | null = null;
  const work = createFileStorer(setting, {
    onPack: (pack) => {
      notify({ pack, place });
      place = null;
    },
    allocate: () => {
      const taken = memory.takeBlocking();
      place = taken.number;
      return taken.bytes;
    },
  });
  return (job) => ({ result: work(job) });
});
