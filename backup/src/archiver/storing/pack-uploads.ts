import type { Backend } from "../../backend/index.ts";
import type { BlobType } from "../../blob/index.ts";
import { sealOverheadBytes } from "../../crypto/index.ts";
import type { FinishedPack } from "../../pack/index.ts";

/** Blobs that were added: how many, and their bytes as plaintext and as stored. */
export interface AddedBlobs {
  blobs: number;
  bytes: number;
  packedBytes: number;
}

/** What is needed of a repository. `saveIndex` writes index files that mention these packs. */
export interface PackUploadOptions {
  readonly backend: Pick<Backend, "save" | "connections">;
  readonly saveIndex: (packs: readonly Omit<FinishedPack, "bytes">[], signal?: AbortSignal) => Promise<unknown>;
  /** Counts without storing. */
  readonly isDryRun: boolean;
  readonly nowMs: () => number;
  /** Told of the first failure; nothing more is stored then. */
  readonly onFailure: (reason: unknown) => void;
  readonly signal: AbortSignal;
}

/** Packs at once on their way: hides a server's latency, and each costs 16 MiB. */
const mostInFlight = 3;
/** An index file is written after so many blobs or so long, so that an interrupted run loses little, and what waits for it takes little memory. */
const indexAfterBlobs = 25_000;
const indexAfterMs = 60_000;

interface HeldPack {
  readonly pack: FinishedPack;
  readonly onStored: () => void;
}

/** Stores packs, a few at a time, and writes index files about them. */
export class PackUploads {
  readonly added: Record<BlobType, AddedBlobs> = {
    data: { blobs: 0, bytes: 0, packedBytes: 0 },
    tree: { blobs: 0, bytes: 0, packedBytes: 0 },
  };
  readonly #options: PackUploadOptions;
  readonly #queue: HeldPack[] = [];
  #unindexed: Omit<FinishedPack, "bytes">[] = [];
  #unindexedBlobs = 0;
  #lastIndexMs: number;
  #inFlight = 0;
  #indexing: Promise<unknown> | null = null;
  #failure: { readonly reason: unknown } | null = null;
  #waiters: (() => void)[] = [];

  constructor(options: PackUploadOptions) {
    this.#options = options;
    this.#lastIndexMs = options.nowMs();
  }

  /** Packs that are in memory here. */
  get held(): number {
    return this.#inFlight + this.#queue.length;
  }

  /** Takes a pack over; `onStored` is called when its memory is needed no more. */
  accept(pack: FinishedPack, onStored: () => void = () => {}): void {
    for (const blob of pack.blobs) {
      const added = this.added[blob.type];
      added.blobs += 1;
      added.bytes += blob.uncompressedLength ?? blob.length - sealOverheadBytes;
      added.packedBytes += blob.length;
    }
    this.#queue.push({ pack, onStored });
    this.#next();
  }

  /** Resolves when at most `limit` packs are held. Throws what storing one threw, and the signal's reason when nothing moves any more. */
  async whenAtMost(limit: number): Promise<void> {
    while (this.#failure === null && this.held > limit) {
      if (this.#inFlight === 0) this.#options.signal.throwIfAborted();
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
    this.#throwFailure();
  }

  /** Resolves when all packs are stored and index files mention them. */
  async finish(): Promise<void> {
    await this.whenAtMost(0);
    await this.#indexing;
    this.#throwFailure();
    await this.#writeIndex(this.#options.signal);
    this.#throwFailure();
  }

  /**
   * After a failure or an abort: waits for what is under way, and writes the index of what did get stored, so that the next run does not
   * send it again. Does not throw: there is a first reason already.
   */
  async salvage(signal: AbortSignal): Promise<void> {
    this.#queue.length = 0;
    while (this.#inFlight > 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    await this.#indexing?.catch(() => {});
    if (!signal.aborted) await this.#writeIndex(signal);
  }

  #next(): void {
    const most = Math.max(1, Math.min(mostInFlight, this.#options.backend.connections));
    while (this.#inFlight < most && this.#failure === null && !this.#options.signal.aborted) {
      const held = this.#queue.shift();
      if (held === undefined) return;
      this.#inFlight += 1;
      void this.#store(held);
    }
  }

  async #store({ pack: { id, blobs, bytes }, onStored }: HeldPack): Promise<void> {
    try {
      if (!this.#options.isDryRun) {
        await this.#options.backend.save({ type: "data", name: id }, bytes, this.#options.signal);
        this.#unindexed.push({ id, blobs });
        this.#unindexedBlobs += blobs.length;
      }
      onStored();
    } catch (reason) {
      this.#fail(reason);
    } finally {
      this.#inFlight -= 1;
    }
    this.#next();
    for (const wake of this.#waiters.splice(0)) wake();
    if (this.#failure === null) this.#indexIfDue();
  }

  #indexIfDue(): void {
    const isDue = this.#unindexedBlobs >= indexAfterBlobs || this.#options.nowMs() - this.#lastIndexMs >= indexAfterMs;
    if (!isDue || this.#indexing !== null) return;
    this.#indexing = this.#writeIndex(this.#options.signal).finally(() => {
      this.#indexing = null;
    });
  }

  async #writeIndex(signal: AbortSignal): Promise<void> {
    const packs = this.#unindexed;
    if (packs.length === 0) return;
    this.#unindexed = [];
    this.#unindexedBlobs = 0;
    this.#lastIndexMs = this.#options.nowMs();
    try {
      await this.#options.saveIndex(packs, signal);
    } catch (reason) {
      this.#unindexed = [...packs, ...this.#unindexed];
      this.#fail(reason);
    }
  }

  #fail(reason: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = { reason };
    this.#options.onFailure(reason);
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.reason;
  }
}
