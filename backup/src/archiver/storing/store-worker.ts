// The entry module of the threads that store files.
import type { FinishedPack } from "../../pack/index.ts";
import { serveJobs } from "../../worker-pool/index.ts";
import { openPackCredits } from "./pack-credits.ts";
import { createFileStorer, type FileStorerSetting, type StoreJob, type StoreResult } from "./store-job.ts";

/** What each thread is started with. */
export interface StoreWorkerSetting extends FileStorerSetting {
  readonly credits: SharedArrayBuffer;
}

serveJobs<StoreWorkerSetting, StoreJob, StoreResult, FinishedPack>((setting, notify) => {
  const credits = openPackCredits(setting.credits);
  const work = createFileStorer(setting, {
    beforePack: () => credits.takeBlocking(),
    onPack: (pack) => notify(pack, [pack.bytes.buffer]),
  });
  return (job) => ({ result: work(job) });
});
