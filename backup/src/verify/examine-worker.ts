// A worker thread that examines pieces of packs.
import type { PackedBlob } from "../blob/index.ts";
import { createCipher, type MasterKey } from "../crypto/index.ts";
import { createBlobOpener } from "../pack/index.ts";
import { serveJobs } from "../worker-pool/index.ts";
import { examineBlobs, type PackExamination } from "./pack-examination.ts";

export interface ExamineJob {
  readonly bytes: Uint8Array;
  /** Where in the pack they begin. */
  readonly start: number;
  readonly blobs: readonly PackedBlob[];
}

serveJobs<MasterKey, ExamineJob, PackExamination>((key) => {
  const opener = createBlobOpener(createCipher(key));
  return ({ bytes, start, blobs }) => ({ result: examineBlobs(bytes, start, blobs, opener) });
});
