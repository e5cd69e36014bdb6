import { createCipher } from "../crypto/index.ts";
import { type Answer, serveJobs } from "../worker-pool/index.ts";
import { copyPieces } from "./copy-pieces.ts";
import { examineFile, Scratch } from "./examine-file.ts";
import type { RestoreJob, RestoreResult, RestoreSetting } from "./jobs.ts";
import { dressEntry, finishFile, makeEntry } from "./place-entry.ts";
import { BlobWriter } from "./write-blobs.ts";

serveJobs<RestoreSetting, RestoreJob, RestoreResult>((setting) => {
  const writer = new BlobWriter(createCipher(setting.key));
  const scratch = new Scratch();

  function work(job: RestoreJob): RestoreResult {
    switch (job.kind) {
      case "write":
        return writer.write(job);
      case "make":
        return { kind: "items", items: job.items.map(makeEntry) };
      case "examine":
        return { kind: "examine", items: job.items.map((item) => examineFile(item, scratch)) };
      case "dress":
        return {
          kind: "items",
          items: job.items.map(dressEntry),
        };
      case "copy":
        return copyPieces(job, scratch);
      case "finish":
        return { kind: "items", items: [finishFile(job)] };
    }
  }

  return (job): Answer<RestoreResult> => ({ result: work(job) });
});
