import type { Id } from "../blob/index.ts";
import { type ByteString, joinBytes } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { assertEntryName } from "../filesystem/index.ts";
import { type TreeSource, walkSnapshot } from "../listing/index.ts";
import type { Node } from "../tree/index.ts";
import type { DirectoryMaker } from "./directory-maker.ts";
import { RestoreDirectory } from "./restore-directory.ts";
import type { RestoreReport } from "./restore-report.ts";
import type { RestoreSelection } from "./selection.ts";

export interface RestoreWalkOptions {
  readonly source: TreeSource;
  readonly selection: RestoreSelection;
  readonly maker: DirectoryMaker;
  readonly report: RestoreReport;
  readonly signal: AbortSignal | undefined;
  /** Begins an entry that is selected and no directory. */
  readonly restore: (
    directory: RestoreDirectory,
    path: ByteString,
    node: Node,
    wasThere: boolean,
  ) => Promise<void> | null;
}

/** Walks the snapshot beside the target: makes directories, and has everything else restored into them. */
export class RestoreWalk {
  readonly #options: RestoreWalkOptions;
  /** From the target down to where the walk is. */
  readonly #stack: RestoreDirectory[] = [];
  #isEntering = false;

  constructor(options: RestoreWalkOptions) {
    this.#options = options;
  }

  /** Everything below a tree, into the target directory. */
  async restoreTree(tree: Id, root: RestoreDirectory): Promise<void> {
    const { source, signal } = this.#options;
    this.#stack.push(root);
    const entries = walkSnapshot(source, tree, {
      shouldEnter: () => this.#isEntering,
      onUnreadable: (path, error) => this.#unreadable(path, error),
      ...(signal === undefined ? {} : { signal }),
    });
    for await (const { path, node } of entries) {
      signal?.throwIfAborted();
      this.#leaveTo(path.length - node.name.length - 1);
      const visiting = this.visit(node, path);
      if (visiting !== null) await visiting;
    }
    this.#leaveTo(-1);
  }

  /** One entry, into the target directory. */
  async restoreEntry(node: Node, root: RestoreDirectory): Promise<void> {
    this.#stack.push(root);
    await this.visit(node, joinBytes("/", node.name));
    this.#leaveTo(-1);
  }

  /** What is returned resolves when the next entry may come; null when it may at once. */
  visit(node: Node, path: ByteString): Promise<void> | null {
    const { selection, report, maker } = this.#options;
    const directory = this.#stack.at(-1);
    if (directory === undefined) throw new Error("the walk has left the target");
    this.#isEntering = false;
    if (!this.#hasGoodName(node, path, directory)) return null;
    const wasThere = directory.existing.delete(node.name);
    const { isSelected, childMayBeSelected } = selection.of(path);
    if (isSelected) report.entriesTotal++;
    if (node.type === "dir") {
      this.#visitDirectory(directory, node, path, isSelected, childMayBeSelected);
    } else if (isSelected) {
      if (node.type === "file") report.filesTotal++;
      if (maker.ensure(directory)) {
        // A directory that was made for this entry has read its names only now.
        return this.#options.restore(directory, path, node, directory.existing.delete(node.name) || wasThere);
      }
    }
    return null;
  }

  #visitDirectory(
    parent: RestoreDirectory,
    node: Node,
    path: ByteString,
    isSelected: boolean,
    childMayBeSelected: boolean,
  ): void {
    const { selection, report, maker } = this.#options;
    const isOnTheWay = selection.isOnTheWay(path);
    const directory = new RestoreDirectory({ parent, name: node.name, path, node, isSelected, isOnTheWay });
    parent.pending++;
    if (isSelected) {
      report.dirsTotal++;
      maker.ensure(directory);
    }
    this.#isEntering = childMayBeSelected && (directory.state === "ready" || directory.state === "unmade");
    if (this.#isEntering) this.#stack.push(directory);
    else maker.release(directory);
  }

  /** The tree's reader refuses such names too; nothing that can write outside the target rests on one test. */
  #hasGoodName(node: Node, path: ByteString, directory: RestoreDirectory): boolean {
    try {
      assertEntryName(node.name);
      return true;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      directory.isUnreadable = true;
      this.#options.report.fail(path, "name", error);
      return false;
    }
  }

  #unreadable(path: ByteString, error: unknown): void {
    const directory = this.#stack.at(-1);
    if (directory !== undefined) directory.isUnreadable = true;
    this.#options.report.error(path, "read", error instanceof Error ? error : new Error(String(error)));
  }

  /** Leaves directories until the one whose path is so long: of those on the way to an entry, that is its own. With -1, all. */
  #leaveTo(length: number): void {
    for (let top = this.#stack.at(-1); top !== undefined && top.path.length !== length; top = this.#stack.at(-1)) {
      this.#stack.pop();
      this.#options.maker.release(top);
    }
  }
}
