// A worker thread that examines pieces of packs.
import type { PackedBlob } from "../blob/index.ts";
import { createCipher, type MasterKey } from "../crypto/index.ts";
import { createBlobOpener, createLender } from "../pack/index.ts";
import { serveJobs } from "../worker-pool/index.ts";
import { examineBlobs, type PackExamination } from "./pack-examination.ts";

export interface ExamineJob {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where in the pack they begin. */
  readonly start: number;
  readonly blobs: readonly PackedBlob[];
}

serveJobs<MasterKey, ExamineJob, PackExamination>((key) => {
  const opener = createBlobOpener(createCipher(key), createLender());
  return ({ bytes, start, blobs }) => {
    const result = examineBlobs(bytes, start, blobs, opener);
    // The collector, which looks at the heap only, would let some 60 MB of them pile up in each thread.
    bytes.buffer.transfer(0);
    return { result };
  };
});
