import type { BlobType, Id } from "../blob/index.ts";
import type { ByteString } from "../byte-string/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import type { BlobIndex } from "../index/index.ts";
import { findName } from "../listing/index.ts";
import type { Repository } from "../repository/repository.ts";
import { TreeMemory } from "../repository/tree-memory.ts";
import { findInTree, type Node } from "../tree/index.ts";
import { FirstIndex } from "./first-index.ts";
import { createTurns } from "./turns.ts";

/** What is found missing shortly after the index was read is missing: it is not read again for each further object. */
const reloadPauseMs = 5_000;

/** Entries of a folder that is kept for its next page, about 10 MiB; four of them are. */
const largestKeptFolder = 12_000;
/** Trees up to this are decoded whole, since they are kept and likely needed again. */
const smallTreeBytes = 256 * 1024;

/**
 * The objects of a repository for those who hold no lock. When one is not where the index says, or not in it, somebody has pruned, or backed up, since
 * the index was read: it is read again and the object looked for once more. Long work lets others have their turn between any two trees.
 */
export class ViewedRepository {
  readonly #repository: Repository;
  readonly #takeTurn = createTurns();
  /** Its capacity counts entries here: folders too large for the memory that the repository itself has. */
  readonly #folders = new TreeMemory(4 * largestKeptFolder);
  /** How often the index was read. */
  #generation = 0;
  /** How often there were new snapshots, and how often that had been when the index began to be read last. */
  #growth = 0;
  #loadedGrowth = 0;
  #loadedAtMs = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | undefined;
  readonly #first = new FirstIndex();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  get index(): BlobIndex {
    return this.#repository.index;
  }

  /** A directory. Throws DamagedError, also when it is not there. */
  async loadTree(id: Id, signal?: AbortSignal): Promise<readonly Node[]> {
    await this.#takeTurn();
    signal?.throwIfAborted();
    // Without the signal: trees are read in stretches for all who want one, and who gives up must not end that for the others.
    const nodes = await this.findingAgain(() => this.#repository.loadTree(id));
    signal?.throwIfAborted();
    return nodes;
  }

  /** What a directory has under a name, or null. A large one is not decoded for it. */
  readonly findNode = async (tree: Id, name: ByteString, signal?: AbortSignal): Promise<Node | null> => {
    const kept = this.#folders.get(tree);
    if (kept !== null) return findName(kept, name);
    const lengthBytes = await this.findingAgain(() => this.#lengthOf(tree));
    if (lengthBytes <= smallTreeBytes) return findName(await this.loadTree(tree, signal), name);
    await this.#takeTurn();
    signal?.throwIfAborted();
    const bytes = await this.findingAgain(() => this.#repository.loadBlob("tree", tree));
    return findInTree(bytes, name, `tree ${tree}`);
  };

  #lengthOf(tree: Id): number {
    const length = this.index.plaintextLength("tree", tree);
    if (length === null) throw new NotFoundError(`no index mentions the tree blob ${tree}`);
    return length;
  }

  /** A directory that somebody looks at page by page. */
  async loadFolder(id: Id, signal?: AbortSignal): Promise<readonly Node[]> {
    const kept = this.#folders.get(id);
    if (kept !== null) return kept;
    const nodes = await this.loadTree(id, signal);
    this.#folders.put(id, nodes, nodes.length);
    return nodes;
  }

  /** A blob of content. Throws DamagedError, also when it is not there. */
  async loadBlob(type: BlobType, id: Id, signal?: AbortSignal): Promise<Uint8Array> {
    await this.#takeTurn();
    return await this.findingAgain(() => this.#repository.loadBlob(type, id, signal));
  }

  /** Blobs of content that are wanted together, as far as they can be read so; see `loadBlob` for the others. */
  async loadBlobs(ids: Iterable<Id>, signal?: AbortSignal): Promise<ReadonlyMap<Id, Uint8Array>> {
    await this.#takeTurn();
    return await this.#repository.loadBlobs(ids, signal);
  }

  /** Does some work that reads objects, and does it again with a new index when something was not found. */
  async findingAgain<Result>(work: () => Promise<Result> | Result): Promise<Result> {
    if (this.#generation === 0) {
      const early = await this.#findingInPart(work);
      if (early !== null) return early.result;
    }
    for (;;) {
      const generation = this.#generation;
      try {
        return await work();
      } catch (error) {
        if (!isMissing(error)) throw error;
        // Somebody else may have read the index meanwhile.
        if (generation !== this.#generation) continue;
        const isFresh = this.#loadedGrowth === this.#growth && performance.now() - this.#loadedAtMs < reloadPauseMs;
        if (isFresh) throw missing(error);
        await this.#reloadIndex();
      }
    }
  }

  /** The whole index, for work that asks it of much at once. */
  async wholeIndex(): Promise<void> {
    if (this.#generation === 0) await this.#first.wholly(this.#reloadIndex());
  }

  /** Does some work with as much of the first index as it needs; null when that is read wholly. */
  async #findingInPart<Result>(work: () => Promise<Result> | Result): Promise<{ readonly result: Result } | null> {
    for (;;) {
      const whole = this.#reloadIndex();
      // Whoever waits for it hears of its failure; work that finds all it needs before need not.
      whole.catch(() => undefined);
      try {
        return { result: await this.#first.working(work) };
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
      await this.#first.next(whole);
      if (this.#generation > 0) return null;
    }
  }

  /** Snapshots were listed that were not there before: what the index lacks is worth another look, which begins at once. */
  noteGrowth(): void {
    this.#growth++;
    // Whoever needs something of it waits for it, and hears of its failure; nobody may.
    this.#reloadIndex().catch(() => undefined);
  }

  /** Reads the index; several that ask at once wait for the same. */
  async #reloadIndex(): Promise<void> {
    this.#loading ??= this.#loadIndex().finally(() => {
      this.#loading = undefined;
    });
    await this.#loading;
  }

  async #loadIndex(): Promise<void> {
    const growth = this.#growth;
    await this.#repository.loadIndex(undefined, { onPart: () => this.#first.onPart() });
    this.#loadedGrowth = growth;
    this.#generation++;
    this.#loadedAtMs = performance.now();
  }
}

/** Whether no index has it, or the pack that has it is gone. */
export function isMissing(error: unknown): boolean {
  return error instanceof NotFoundError || (error instanceof DamagedError && error.cause instanceof NotFoundError);
}

/** What a snapshot names must be there: that it is not is damage, and must not be taken for a path that a snapshot does not have. */
function missing(error: unknown): DamagedError {
  if (error instanceof DamagedError) return error;
  return new DamagedError("index", error instanceof Error ? error.message : String(error), { cause: error });
}
