import type { Id } from "../../blob/index.ts";
import { type Fault, faultOf } from "../../filesystem/index.ts";
import { type BlobStorerHooks, type BlobStorerSetting, createBlobStorer } from "./blob-storer.ts";
import { answerBatch, type BatchAnswer, type FileBatch } from "./file-batch.ts";
import { type ChunkSizeName, createContentReader, type StoredContent } from "./file-content.ts";
import { isSystemError } from "./is-system-error.ts";
import { storeFile } from "./store-file.ts";
import { createSeenFileStorer } from "./store-seen-file.ts";

/** What a thread is asked to do. Descriptors belong to the process: whoever opened one keeps it open until the job is done. */
export type StoreJob =
  /** Small files, as many as are worth a message. */
  | { readonly kind: "files"; readonly batch: FileBatch }
  /** Finds chunks in a part of a large file. */
  | {
      readonly kind: "cut";
      readonly fd: number;
      readonly offset: number;
      readonly length: number;
      readonly isLast: boolean;
      readonly sizes: ChunkSizeName;
    }
  /** Stores chunks that were found. */
  | {
      readonly kind: "ranges";
      readonly fd: number;
      readonly start: number;
      readonly ends: readonly number[];
      readonly sizes: ChunkSizeName;
    }
  /** Stores chunks of bytes that come from no file: up to each of the ends. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer>; readonly ends: readonly number[] }
  /** Hands over the pack that is begun. */
  | { readonly kind: "flush" };

export type StoreResult =
  | { readonly kind: "files"; readonly answers: readonly BatchAnswer[] }
  | { readonly kind: "cut"; readonly ends: readonly number[] }
  | ({ readonly kind: "content" } & StoredContent)
  /** The file could not be read. */
  | { readonly kind: "fault"; readonly fault: Fault }
  | { readonly kind: "flushed" };

/** What a thread needs to store files. */
export interface FileStorerSetting extends BlobStorerSetting {
  /** The repository's chunker polynomial. */
  readonly polynomial: string;
}

/** Does jobs, on whatever thread it lives. */
export function createFileStorer(setting: FileStorerSetting, hooks: BlobStorerHooks): (job: StoreJob) => StoreResult {
  const storer = createBlobStorer(setting, "data", hooks);
  const reader = createContentReader(setting.polynomial, storer);
  const storeSeen = createSeenFileStorer(reader);
  return (job) => {
    switch (job.kind) {
      case "files":
        return {
          kind: "files",
          answers: answerBatch(job.batch, (file, seen, at) => storeFile(reader, file, (fd) => storeSeen(fd, seen, at))),
        };
      case "cut":
        return reading(() => ({
          kind: "cut",
          ends: reader.cut(job.fd, job.offset, job.length, job.isLast, job.sizes),
        }));
      case "ranges":
        return reading(() => ({ kind: "content", ...reader.storeCut(job.fd, job.start, job.ends, job.sizes) }));
      case "bytes": {
        const content: Id[] = [];
        let start = 0;
        for (const end of job.ends) {
          content.push(storer.store(job.bytes.subarray(start, end)));
          start = end;
        }
        return { kind: "content", content, size: start };
      }
      case "flush":
        storer.flush();
        return { kind: "flushed" };
    }
  };
}

function reading(work: () => StoreResult): StoreResult {
  try {
    return work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { kind: "fault", fault: faultOf("read", error) };
  }
}
