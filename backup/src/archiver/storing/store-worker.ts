// The entry module of the threads that store files.
import type { FinishedPack } from "../../pack/index.ts";
import { serveJobs } from "../../worker-pool/index.ts";
import { openPackCredits } from "./pack-credits.ts";
import { SpareBuffers } from "./spare-buffers.ts";
import { createFileStorer, type FileStorerSetting, type StoreJob, type StoreResult } from "./store-job.ts";

/** What each thread is started with. */
export interface StoreWorkerSetting extends FileStorerSetting {
  readonly credits: SharedArrayBuffer;
}

/** A job, and the memory of a pack that is stored, to be used again. */
export interface StoreMessage {
  readonly job: StoreJob;
  readonly spare: ArrayBuffer | null;
}

serveJobs<StoreWorkerSetting, StoreMessage, StoreResult, FinishedPack>((setting, notify) => {
  const credits = openPackCredits(setting.credits);
  const spares = new SpareBuffers();
  const work = createFileStorer(setting, {
    beforePack: () => credits.takeBlocking(),
    onPack: (pack) => notify(pack, [pack.bytes.buffer]),
    allocate: (bytes) => spares.take(bytes),
  });
  return ({ job, spare }) => {
    if (spare !== null) spares.put(spare);
    return { result: work(job) };
  };
});
