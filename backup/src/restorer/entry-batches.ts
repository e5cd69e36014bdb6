import type { ByteString } from "../byte-string/index.ts";
import type { Metadata } from "../filesystem/index.ts";
import type { WorkerPool } from "../worker-pool/index.ts";
import type { DirectoryHandles } from "./directory-handles.ts";
import { ItemBatch } from "./item-batch.ts";
import type { DressJob, ItemResult, MadeItem, RestoreJob, RestoreResult } from "./jobs.ts";
import type { RestoreDirectory } from "./restore-directory.ts";

const itemsOfJob = 64;

type Job = Extract<RestoreJob, { readonly kind: "make" | "dress" }>;

/** Entries that are made, or given metadata, in the threads, several by one job. */
export class EntryBatches {
  readonly #handles: DirectoryHandles;
  readonly #makes: ItemBatch<MadeItem, ItemResult>;
  readonly #dresses: ItemBatch<DressJob["items"][number], ItemResult>;

  constructor(pool: Pick<WorkerPool<RestoreJob, RestoreResult>, "run">, handles: DirectoryHandles) {
    const run = async (job: Job): Promise<readonly ItemResult[]> => {
      const result = await pool.run(job);
      if (result.kind !== "items") throw new Error("a thread answered another job");
      return result.items;
    };
    this.#handles = handles;
    this.#makes = new ItemBatch(itemsOfJob, (items) => run({ kind: "make", items }));
    this.#dresses = new ItemBatch(itemsOfJob, (items) => run({ kind: "dress", items }));
  }

  make(directory: RestoreDirectory, item: Omit<MadeItem, "directory">): Promise<ItemResult> {
    return this.#pinned(directory, (fd) => this.#makes.add({ ...item, directory: fd }));
  }

  dress(
    directory: RestoreDirectory,
    existing: { readonly name: ByteString; readonly inode: bigint },
    metadata: Metadata,
  ): Promise<ItemResult> {
    return this.#pinned(directory, (fd) => this.#dresses.add({ directory: fd, ...existing, metadata }));
  }

  flush(): void {
    this.#makes.flush();
    this.#dresses.flush();
  }

  async #pinned(directory: RestoreDirectory, work: (fd: number) => Promise<ItemResult>): Promise<ItemResult> {
    const { fd } = this.#handles.pin(directory);
    try {
      return await work(fd);
    } finally {
      this.#handles.unpin(directory);
    }
  }
}
