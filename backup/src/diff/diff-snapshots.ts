import type { Id } from "../blob/index.ts";
import { type ByteString, displayText, joinBytes } from "../byte-string/index.ts";
import { DamagedError, InputError, NotFoundError } from "../error/index.ts";
import { findPath, type TreeSource } from "../listing/index.ts";
import type { ItemError } from "../progress/index.ts";
import type { Node } from "../tree/index.ts";
import { type BlobSizes, BlobTally, type Side } from "./blob-tally.ts";
import { compareNodes, type DiffLetters } from "./compare-nodes.ts";
import { nodePairs } from "./node-pairs.ts";

/** One side: a snapshot, or with `path` one directory of it. */
export interface DiffSide {
  readonly snapshot: { readonly tree: Id };
  readonly path?: ByteString;
}

export interface DiffChange {
  readonly letters: DiffLetters;
  readonly path: ByteString;
  readonly before: Node | null;
  readonly after: Node | null;
}

export interface DiffOptions {
  /** Also report entries whose metadata alone changed (restic's `--metadata`). Default: false. */
  readonly isMetadataCompared?: boolean;
  /** Called for each change in path order. The next is looked for when a returned promise is settled. */
  readonly onChange?: (change: DiffChange) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

/**
 * What one side has that the other has not. Bytes are those of blobs before compression, each counted once. Directories that are the same on both sides are not
 * read, so a blob that is new where something changed counts as added even when an unchanged directory has it too.
 */
export interface DiffCounts {
  readonly files: number;
  readonly dirs: number;
  readonly others: number;
  readonly dataBlobs: number;
  readonly treeBlobs: number;
  readonly bytes: number;
}

export interface DiffSummary {
  readonly changedFiles: number;
  readonly added: DiffCounts;
  readonly removed: DiffCounts;
  /** Directories that could not be read, and the first 100 of them. */
  readonly errors: number;
  readonly errorItems: readonly ItemError[];
}

/**
 * Compares two snapshots, or two directories of them. Directories with the same id are not read; one that is damaged is named and
 * passed over. Throws NotFoundError (a path), InputError (a path of a file).
 */
export async function diffSnapshots(
  repository: TreeSource & { readonly index: BlobSizes },
  before: DiffSide,
  after: DiffSide,
  options: DiffOptions = {},
): Promise<DiffSummary> {
  const [treeBefore, treeAfter] = [
    await treeOf(repository, before, options.signal),
    await treeOf(repository, after, options.signal),
  ];
  const comparison = new Comparison(repository, options);
  await comparison.compare(joinBytes(""), treeBefore, treeAfter);
  return comparison.summary();
}

/** The line of a change as restic writes it; directories end in a slash. */
export function diffLine(change: DiffChange): string {
  const isDirectory = (change.after ?? change.before)?.type === "dir";
  return `${change.letters.padEnd(5)}${displayText(change.path)}${isDirectory ? "/" : ""}`;
}

async function treeOf(source: TreeSource, side: DiffSide, signal: AbortSignal | undefined): Promise<Id> {
  const found = await findPath(source, side.snapshot.tree, side.path ?? joinBytes("/"), signal);
  if (found.tree !== null) return found.tree;
  throw new InputError(`${displayText(found.path)} is no directory; snapshots and directories of them can be compared`);
}

const entriesNone = { files: 0, dirs: 0, others: 0 };

class Comparison {
  readonly #repository: TreeSource;
  readonly #options: DiffOptions;
  readonly #tally: BlobTally;
  readonly #entries = { before: { ...entriesNone }, after: { ...entriesNone } };
  readonly #errorItems: ItemError[] = [];
  #errors = 0;
  #changedFiles = 0;

  constructor(repository: TreeSource & { readonly index: BlobSizes }, options: DiffOptions) {
    this.#repository = repository;
    this.#options = options;
    this.#tally = new BlobTally(repository.index);
  }

  async compare(path: ByteString, treeBefore: Id, treeAfter: Id): Promise<void> {
    if (treeBefore === treeAfter) return;
    this.#tally.add("before", "tree", treeBefore);
    this.#tally.add("after", "tree", treeAfter);
    const [left, right] = await Promise.all([this.#load(path, treeBefore), this.#load(path, treeAfter)]);
    if (left === null || right === null) return;
    for (const [before, after] of nodePairs(left, right)) {
      const name = (after ?? before)?.name ?? joinBytes("");
      await this.#compareEntry(joinBytes(path, "/", name), before, after);
    }
  }

  summary(): DiffSummary {
    const { before, after } = this.#tally.only;
    return {
      changedFiles: this.#changedFiles,
      added: { ...this.#entries.after, ...after },
      removed: { ...this.#entries.before, ...before },
      errors: this.#errors,
      errorItems: this.#errorItems,
    };
  }

  async #compareEntry(path: ByteString, before: Node | null, after: Node | null): Promise<void> {
    if (before === null || after === null) {
      if (before !== null) await this.#listSide("before", path, before);
      if (after !== null) await this.#listSide("after", path, after);
      return;
    }
    this.#tallyContent("before", before);
    this.#tallyContent("after", after);
    const letters = compareNodes(before, after, this.#options.isMetadataCompared === true);
    if (letters === "M" || letters === "M?") this.#changedFiles++;
    if (letters !== null) await this.#options.onChange?.({ letters, path, before, after });
    if (before.subtree !== undefined && after.subtree !== undefined) {
      await this.compare(path, before.subtree, after.subtree);
    }
  }

  /** An entry that only one side has, with everything below it. */
  async #listSide(side: Side, path: ByteString, node: Node): Promise<void> {
    const counts = this.#entries[side];
    if (node.type === "file") counts.files++;
    else if (node.type === "dir") counts.dirs++;
    else counts.others++;
    this.#tallyContent(side, node);
    const isBefore = side === "before";
    await this.#options.onChange?.({
      letters: isBefore ? "-" : "+",
      path,
      before: isBefore ? node : null,
      after: isBefore ? null : node,
    });
    if (node.subtree === undefined) return;
    this.#tally.add(side, "tree", node.subtree);
    for (const child of (await this.#load(path, node.subtree)) ?? []) {
      await this.#listSide(side, joinBytes(path, "/", child.name), child);
    }
  }

  #tallyContent(side: Side, node: Node): void {
    for (const id of node.content ?? []) this.#tally.add(side, "data", id);
  }

  async #load(path: ByteString, tree: Id): Promise<readonly Node[] | null> {
    this.#options.signal?.throwIfAborted();
    try {
      return await this.#repository.loadTree(tree, this.#options.signal);
    } catch (error) {
      if (!(error instanceof DamagedError || error instanceof NotFoundError)) throw error;
      this.#errors++;
      if (this.#errorItems.length < 100) {
        this.#errorItems.push({ item: displayText(path) || "/", during: "read", message: error.message });
      }
      return null;
    }
  }
}
