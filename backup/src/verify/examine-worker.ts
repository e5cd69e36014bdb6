// A worker thread that examines packs.
import type { Id, PackedBlob } from "../blob/index.ts";
import { createCipher, type MasterKey } from "../crypto/index.ts";
import { createBlobOpener } from "../pack/index.ts";
import { serveJobs } from "../worker-pool/index.ts";
import { examinePack, type PackExamination } from "./pack-examination.ts";

export interface ExamineJob {
  readonly packId: Id;
  readonly bytes: Uint8Array;
  readonly indexed: readonly PackedBlob[];
}

serveJobs<MasterKey, ExamineJob, PackExamination>((key) => {
  const opener = createBlobOpener(createCipher(key));
  return ({ packId, bytes, indexed }) => ({ result: examinePack(packId, bytes, indexed, opener) });
});
