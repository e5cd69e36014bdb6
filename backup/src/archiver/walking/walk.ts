import { setImmediate as nextTurn } from "node:timers/promises";
import type { Id } from "../../blob/index.ts";
import { type ByteString, joinBytes } from "../../byte-string/index.ts";
import { type Directory, faultOf, openRoot } from "../../filesystem/index.ts";
import { decodeTree, type Node } from "../../tree/index.ts";
import { parentSnapshot } from "../item-errors.ts";
import type { DirectoryFrame, WaitingNodes } from "./directory-frame.ts";
import { type EnteredDirectory, enterDirectory } from "./enter-directory.ts";
import { matchUnchanged } from "./match-unchanged.ts";
import { lookAt, recordFile, recordOther, tellItem } from "./record-entry.ts";
import type { VisitedEntry } from "./visited-entry.ts";
import type { WalkContext } from "./walk-context.ts";

/**
 * So many nodes may wait for an entry before them, as they do behind a file that takes long: then the walk waits too. Each takes about a
 * kilobyte.
 */
const mostWaitingNodes = 8192;

/** How long the walk keeps the event loop waiting: packs are stored and threads answered there. */
const turnMs = 10;

/**
 * Goes through directories in order, beside the parent snapshot's trees. Files that must be read are done later, so a directory is
 * finished (its tree stored, its node given to the directory above) when the last of its entries is.
 */
export class Walk {
  readonly #context: WalkContext;
  readonly #held = new Map<ByteString, Directory>();
  /** Frames that are not finished: their directories are open. */
  readonly #unfinished = new Set<DirectoryFrame>();
  #topTree: Id | null = null;
  #turnStartMs = performance.now();
  #waiting: WaitingNodes = { count: 0 };

  constructor(context: WalkContext) {
    this.#context = context;
  }

  /** Loads what the parent snapshot has of a directory; says so when it cannot be read: then everything below is new. */
  async loadPrevious(
    frame: DirectoryFrame,
    subtree: Id | undefined,
    entered: EnteredDirectory | null = null,
  ): Promise<void> {
    if (subtree === undefined) return;
    const { parentTrees, errors, signal } = this.#context;
    try {
      const tree = parentTrees.readNow(subtree) ?? (await parentTrees.load(subtree, signal));
      if (entered !== null && (await this.#takeUnchanged(entered, tree))) return;
      frame.previousNodes = decodeTree(tree, `tree ${subtree}`);
    } catch (error) {
      signal.throwIfAborted();
      const fault = faultOf(parentSnapshot, error);
      errors.add(frame.path, { ...fault, message: `its files are read again: ${fault.message}` });
    }
  }

  /** Opens the directory that a target lies in; it stays open until `close`. */
  holdOpen(path: ByteString): Directory {
    const held = this.#held.get(path) ?? openRoot(path, { isPathOnly: true });
    this.#held.set(path, held);
    return held;
  }

  /** A frame has begun. */
  begin(frame: DirectoryFrame): void {
    this.#unfinished.add(frame);
    this.#waiting = frame.waiting;
  }

  /** Every entry of a frame was visited. */
  walked(frame: DirectoryFrame): void {
    frame.isWalked = true;
    this.#settle(frame);
  }

  /** Visits an entry and everything below it. */
  async visitTree(entry: VisitedEntry): Promise<void> {
    const stack: EnteredDirectory[] = [];
    const first = this.#visit(entry);
    if (first !== null) stack.push(await this.#enter(first));
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const name = top.names[top.at++];
      if (name === undefined) {
        stack.pop();
        this.walked(top.frame);
      } else if (top.onlyNames !== null && !top.onlyNames.has(name)) {
        this.#context.figures.excluded += 1;
      } else {
        const child = this.#visit(childEntry(top.frame, name));
        if (child !== null) stack.push(await this.#enter(child));
      }
      await this.#restIfDue();
    }
  }

  /** Resolves when every file is stored and every directory finished: the tree of the top, or null when it has no entries. */
  async finish(top: DirectoryFrame, flushThreads: () => Promise<void>): Promise<Id | null> {
    this.walked(top);
    await this.#context.intake.finish(flushThreads);
    this.#context.signal.throwIfAborted();
    if (this.#unfinished.size > 0) throw new Error(`${this.#unfinished.size} directories were never finished`);
    return this.#topTree;
  }

  /** Closes what is open. */
  close(): void {
    for (const frame of this.#unfinished) frame.directory?.close();
    for (const directory of this.#held.values()) directory.close();
    this.#unfinished.clear();
    this.#held.clear();
  }

  /** Records an entry; a directory is returned to be entered. */
  #visit(entry: VisitedEntry): EnteredDirectory | null {
    const stat = lookAt(this.#context, entry);
    if (stat === null) return null;
    if (stat.type === "dir") return enterDirectory(this.#context, entry, stat);
    if (stat.type === "file") recordFile(this.#context, entry, stat, () => this.#settle(entry.frame));
    else recordOther(this.#context, entry, stat);
    return null;
  }

  async #enter(entered: EnteredDirectory): Promise<EnteredDirectory> {
    this.begin(entered.frame);
    await this.loadPrevious(entered.frame, entered.frame.previous?.subtree, entered);
    if (entered.seen !== null && !entered.isUnchanged) this.#readNamesAgain(entered);
    return entered;
  }

  /** What was seen before the walk may be gone, which is no fault: only what is there now is looked for. */
  #readNamesAgain(entered: EnteredDirectory): void {
    const { directory, path } = entered.frame;
    if (directory === null || entered.names.length === 0) return;
    try {
      entered.names = directory.readNames();
    } catch (error) {
      entered.names = [];
      this.#context.errors.addThrown(path, "open", error);
    }
  }

  /** Whether all but the directories in it is as in this tree of the parent snapshot: then that is counted, and only they are left to visit. */
  async #takeUnchanged(entered: EnteredDirectory, tree: Uint8Array): Promise<boolean> {
    const { frame, names, seen } = entered;
    const { isParentComplete, onItem, figures, meter } = this.#context;
    // Who wants to hear of every entry gets the slow way.
    if (!isParentComplete || onItem !== undefined || entered.onlyNames !== null || frame.directory === null)
      return false;
    const { directory, path } = frame;
    meter.visit(path);
    const unchanged = await matchUnchanged(this.#context, { directory, path, names, seen, tree }, () =>
      this.#restIfDue(),
    );
    if (unchanged === null) return false;
    figures.files += unchanged.files;
    figures.filesUnmodified += unchanged.files;
    figures.bytes += unchanged.bytes;
    figures.excluded += unchanged.excluded;
    figures.sockets += unchanged.sockets;
    meter.filesDone += unchanged.files;
    meter.bytesDone += unchanged.bytes;
    if (unchanged.directories.length > 0) frame.unchangedTree = tree;
    frame.previousNodes = unchanged.directories;
    entered.isUnchanged = true;
    entered.names = unchanged.directories.map(({ name }) => name);
    return true;
  }

  async #restIfDue(): Promise<void> {
    const isFull = this.#context.pace.isFull() || this.#waiting.count >= mostWaitingNodes;
    if (isFull || performance.now() - this.#turnStartMs > turnMs) await this.#rest();
  }

  async #rest(): Promise<void> {
    const { pace, intake, meter, signal } = this.#context;
    meter.tell();
    await nextTurn();
    while (pace.isFull()) {
      await pace.whenRoom();
      meter.tell();
    }
    while (this.#waiting.count >= mostWaitingNodes && !signal.aborted) {
      await intake.whenSomeDone();
      meter.tell();
    }
    signal.throwIfAborted();
    this.#turnStartMs = performance.now();
  }

  /** Finishes a frame when it is done, and those above it that wait for nothing else. */
  #settle(frame: DirectoryFrame): void {
    for (let done: DirectoryFrame | null = frame; done?.isDone && this.#unfinished.has(done); done = done.parent) {
      const node = this.#finishFrame(done);
      this.#unfinished.delete(done);
      done.directory?.close();
      done.parent?.fill(done.slot, node);
    }
  }

  #finishFrame(frame: DirectoryFrame): Node | null {
    const { previous } = frame;
    const { figures, treeStorer } = this.#context;
    if (frame.node === null) {
      this.#topTree = frame.isEmpty ? null : treeStorer.storeEncoded(frame.takeTree());
      return null;
    }
    const isTreeSame = previous?.subtree !== undefined && frame.isTreeSame;
    const subtree = isTreeSame ? previous.subtree : treeStorer.storeEncoded(frame.takeTree());
    const isNodeSame = frame.node === previous && subtree === previous.subtree;
    const action = previous?.type !== "dir" ? "new" : subtree === previous.subtree ? "unchanged" : "changed";
    figures[action === "new" ? "dirsNew" : action === "changed" ? "dirsChanged" : "dirsUnmodified"] += 1;
    tellItem(this.#context, frame, action, true, 0);
    return isNodeSame ? previous : { ...frame.node, subtree };
  }
}

function childEntry(frame: DirectoryFrame, name: ByteString): VisitedEntry {
  const { directory, deviceId } = frame;
  // Names come from an open directory only.
  if (directory === null) throw new Error("a directory that is not open has no entries");
  const path = joinBytes(frame.path === "/" ? "" : frame.path, "/", name);
  return { frame, directory, realName: name, name, path, previous: frame.findPrevious(name), deviceId, isNamed: false };
}
