import { Worker } from "node:worker_threads";
import type { ResourceKind } from "@mycloud/protocol/resource";
import type { Scope } from "../scope/index.ts";
import type { ExportForm } from "./export-form.ts";

/** What the thread is started with. */
export interface ExportWork {
  readonly location: string;
  readonly scope: Scope;
  readonly kinds: readonly ResourceKind[];
  readonly form: ExportForm;
}

/** Some of an export's bytes; null behind the last. */
export type ExportPiece = Uint8Array | null;

/** What the thread says: a piece that it was asked for, or by itself that the database is read. */
export type FromExporter = { readonly piece: ExportPiece } | "read";

/** An export being read in a thread of its own. */
export interface Exporter {
  /** The next piece, or null behind the last. Throws what went wrong when reading. */
  next(): Promise<ExportPiece>;
  /** Settles when everything is read, though not taken yet, or never will be. */
  readonly isRead: Promise<void>;
  close(): Promise<void>;
}

const maximumHeapMb = 512;

/** Starts an export. It takes half a second until it answers; what waits for it does not hold the event loop. */
export function startExporter(work: ExportWork): Exporter {
  const worker = new Worker(new URL("./export-worker.ts", import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: maximumHeapMb },
  });
  let waiting: PromiseWithResolvers<ExportPiece> | undefined;
  const read = Promise.withResolvers<void>();
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    waiting?.reject(error);
    waiting = undefined;
    read.resolve();
  };
  worker.on("message", (message: FromExporter) => {
    if (message === "read") return read.resolve();
    waiting?.resolve(message.piece);
    waiting = undefined;
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("the thread of an export has ended")));
  return {
    isRead: read.promise,
    async next() {
      if (failure !== undefined) throw failure.error;
      waiting = Promise.withResolvers<ExportPiece>();
      const piece = waiting.promise;
      worker.postMessage("next");
      return await piece;
    },
    async close() {
      await worker.terminate();
    },
  };
}
