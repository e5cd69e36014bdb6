import { type ByteString, joinBytes } from "../byte-string/index.ts";
import { BackupError, NotFoundError } from "../error/index.ts";
import { type Fault, type FileStat, faultOf } from "../filesystem/index.ts";
import type { Repository } from "../repository/repository.ts";
import { instantNs, type Node } from "../tree/index.ts";
import type { WorkerPool } from "../worker-pool/index.ts";
import { clearDirectory } from "./clear-way.ts";
import { ContentRestorer } from "./content-restorer.ts";
import { copyFromExisting } from "./copy-existing.ts";
import type { DirectoryHandles } from "./directory-handles.ts";
import type { DirectoryMaker } from "./directory-maker.ts";
import { EntryBatches } from "./entry-batches.ts";
import { Examiner } from "./examiner.ts";
import { HardLinks, type LinkGroup } from "./hard-links.ts";
import type { ItemResult, RestoreJob, RestoreResult } from "./jobs.ts";
import { linkEntry } from "./link-entry.ts";
import { metadataOf } from "./node-metadata.ts";
import { decideOverwrite, type OverwriteDecision } from "./overwrite-decision.ts";
import type { PartFile } from "./part-file.ts";
import { planFile } from "./plan-file.ts";
import type { PlannedFile } from "./planned-file.ts";
import type { RestoreDirectory } from "./restore-directory.ts";
import type { RestoreGate } from "./restore-gate.ts";
import type { OverwritePolicy, RestoreAction } from "./restore-options.ts";
import type { RestoreReport } from "./restore-report.ts";
import type { RestoreSelection } from "./selection.ts";
import type { TaskGroup } from "./task-group.ts";

/** Entries at work beside the walk. */
const entriesAtWork = 768;

export interface EntryRestorerOptions {
  readonly repository: Pick<Repository, "backend" | "index" | "loadBlob">;
  readonly pool: Pick<WorkerPool<RestoreJob, RestoreResult>, "run">;
  readonly handles: DirectoryHandles;
  readonly maker: DirectoryMaker;
  readonly report: RestoreReport;
  readonly selection: RestoreSelection;
  readonly tasks: TaskGroup;
  readonly policy: OverwritePolicy;
  readonly isDeleting: boolean;
  readonly isDryRun: boolean;
  readonly gate: RestoreGate | undefined;
  readonly isSparseForced: boolean;
  readonly signal: AbortSignal | undefined;
  /** Told of paths that are not as the snapshot has them: kept or failed. */
  readonly onUntouched: (path: ByteString) => void;
}

/** An entry that is no directory, and what is there in its place. */
interface Entry {
  readonly directory: RestoreDirectory;
  readonly path: ByteString;
  readonly node: Node;
  readonly stat: FileStat | null;
  readonly group: LinkGroup | null;
}

/** Restores everything that is not a directory. */
export class EntryRestorer {
  readonly #options: EntryRestorerOptions;
  readonly #links = new HardLinks();
  readonly #batches: EntryBatches;
  readonly #examiner: Examiner;
  readonly contents: ContentRestorer;

  constructor(options: EntryRestorerOptions) {
    const { repository, pool, handles, tasks, signal, report } = options;
    this.#options = options;
    this.#batches = new EntryBatches(pool, handles);
    this.#examiner = new Examiner(pool, handles);
    this.contents = new ContentRestorer({
      repository,
      pool,
      handles,
      tasks,
      signal,
      onFile: (file, result) => {
        const action = file.isReplacing ? "updated" : "created";
        this.#settle(file, action, file.size, result.isRestored ? null : result);
        if (result.isRestored) report.faults(file.path, result.faults);
      },
      onBytes: (written) => {
        report.bytesWritten += written;
        report.progress();
      },
    });
  }

  /** Begins an entry whose directory is there. What is returned resolves when the next may begin; null when it may at once. */
  restore(directory: RestoreDirectory, path: ByteString, node: Node, wasThere: boolean): Promise<void> | null {
    const { report, handles, tasks } = this.#options;
    if (node.type === "socket") {
      report.notice("socket", path, "sockets are not restored: the program that listens makes them");
      return null;
    }
    let stat: FileStat | null;
    try {
      stat = wasThere ? handles.with(directory, (opened) => opened.statIfExists(node.name)) : null;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#fail(path, "lstat", error);
      return null;
    }
    const decision = stat === null ? "replace" : decideOverwrite(this.#options.policy, factsOf(node), stat);
    if (decision === "keep") {
      this.#options.onUntouched(path);
      report.act("kept", path, node.size ?? 0);
      return null;
    }
    const word = stat === null ? "change" : (this.#options.gate?.mayChange(path, stat) ?? "change");
    if (word !== "change") {
      this.#passOver(directory, path, node, word);
      return null;
    }
    directory.pending++;
    const first = this.#links.find(node);
    if (first !== null) {
      tasks.run(this.#link({ directory, path, node, stat, group: null }, first));
      return null;
    }
    const entry: Entry = { directory, path, node, stat, group: this.#links.begin(node, directory) };
    const beginning = node.type === "file" ? this.#restoreFile(entry, decision) : this.#restoreSpecial(entry, decision);
    tasks.throwIfFailed();
    return beginning === null && tasks.running < entriesAtWork ? null : this.#whenReady(beginning);
  }

  /** Leaves an entry as it is. One that is right may be what others become links of. */
  #passOver(directory: RestoreDirectory, path: ByteString, node: Node, word: "leave" | Error): void {
    if (node.type === "file") this.#options.report.filesDone++;
    if (this.#links.find(node) === null) this.#links.settle(this.#links.begin(node, directory), word === "leave");
    if (word === "leave") {
      this.#options.onUntouched(path);
      this.#options.report.act("kept", path, node.size ?? 0);
    } else {
      this.#fail(path, "replace", word);
    }
  }

  async #whenReady(beginning: Promise<void> | null): Promise<void> {
    await beginning;
    await this.#options.tasks.whenBelow(entriesAtWork, () => this.flush());
  }

  /** Sends off what waits for more of its kind. */
  flush(): void {
    this.#batches.flush();
    this.#examiner.flush();
  }

  /** Resolves when everything begun is done. */
  async join(): Promise<void> {
    const { tasks } = this.#options;
    await this.contents.flush();
    while (tasks.running > 0) {
      await tasks.next(() => this.flush());
      // What ended may have asked for content.
      await this.contents.flush();
    }
    tasks.throwIfFailed();
  }

  #restoreFile(entry: Entry, decision: OverwriteDecision): Promise<void> | null {
    const { repository, report, isSparseForced, isDryRun, tasks } = this.#options;
    const { stat, group } = entry;
    const file = planFile(
      { ...entry, isReplacing: stat !== null && stat.type !== "dir" },
      repository.index,
      isSparseForced,
    );
    if (file instanceof NotFoundError) {
      this.#settle(entry, "failed", 0, { during: "read", error: file });
      return null;
    }
    report.bytesTotal += file.size;
    if (!this.#clearWay(entry)) return null;
    const isShared = stat !== null && stat.links > 1 && stat.type === "file";
    const mayStay = !isShared || this.#links.mayKeepInode(group, `${stat.deviceId}:${stat.inode}`);
    if (decision === "compare" && mayStay) {
      tasks.run(this.#compare(file, stat?.inode ?? 0n));
    } else if (decision === "trust" && mayStay) {
      tasks.run(this.#dress(entry, file.size));
    } else if (isDryRun) {
      this.#settle(file, file.isReplacing ? "updated" : "created", file.size, null);
    } else {
      return this.#fetch(file, null);
    }
    return null;
  }

  /** Keeps a file that is right, and fetches what is wrong of another. */
  async #compare(file: PlannedFile, inode: bigint): Promise<void> {
    const { isDryRun, report } = this.#options;
    const examined = await this.#examiner.compareNamed(file, inode, isDryRun ? null : metadataOf(file.node));
    if (examined.isEqual) {
      report.bytesUnchanged += file.size;
      report.faults(file.path, examined.faults);
      this.#settle(file, "unchanged", file.size, null);
    } else if (isDryRun) {
      this.#settle(file, "updated", file.size, null);
    } else {
      await this.#fetch(file, examined.matches);
    }
  }

  /** Asks for the content; what is right already is 1 in `matches`. */
  #fetch(file: PlannedFile, matches: Uint8Array | null): Promise<void> | null {
    if (file.content.length === 1) return this.contents.addWhole(file);
    if (file.content.length > 1) return this.#fetchParts(file, matches);
    this.#options.tasks.run(this.#make(file, file.isReplacing ? "updated" : "created"));
    return null;
  }

  async #fetchParts(file: PlannedFile, matches: Uint8Array | null): Promise<void> {
    const part = await this.contents.openParts(file);
    if (part === null) return;
    if (part.isReused || matches !== null) this.#options.tasks.run(this.#fetchMissing(part, matches));
    else await this.contents.addParts(part, new Uint8Array(file.content.length));
  }

  /** Takes over what is right in the existing file, or in what an interrupted restore left of it, and asks for the rest. */
  async #fetchMissing(part: PartFile, matches: Uint8Array | null): Promise<void> {
    const { file } = part;
    const present = new Uint8Array(file.content.length);
    if (part.isReused) present.set((await this.#examiner.compareOpen(file, part.fd)).matches);
    if (matches !== null) await copyFromExisting(part, matches, present, this.#options);
    this.#options.report.bytesUnchanged += file.lengths.reduce(
      (sum, length, at) => sum + (present[at] === 1 ? length : 0),
      0,
    );
    await this.contents.addParts(part, present);
  }

  #restoreSpecial(entry: Entry, decision: OverwriteDecision): null {
    const { tasks, isDryRun } = this.#options;
    const { node, stat, group } = entry;
    if (node.type === "irregular" || (node.type === "symlink" && node.linkTarget === undefined)) {
      const error = new Error(`an entry of type ${node.type} cannot be restored`);
      this.#settle(entry, "failed", 0, { during: "create", error });
      return null;
    }
    if (!this.#clearWay(entry)) return null;
    const isShared = stat !== null && stat.links > 1 && stat.type !== "dir";
    const mayStay = !isShared || this.#links.mayKeepInode(group, `${stat.deviceId}:${stat.inode}`);
    if (decision === "compare" && mayStay && this.#isSame(entry)) {
      tasks.run(this.#dress(entry, 0));
      return null;
    }
    const action = stat === null || stat.type === "dir" ? "created" : "updated";
    if (isDryRun) this.#settle(entry, action, 0, null);
    else tasks.run(this.#make(entry, action));
    return null;
  }

  async #make(entry: Pick<Entry, "directory" | "path" | "node" | "group">, action: RestoreAction): Promise<void> {
    const { node, directory } = entry;
    if (node.type === "dir" || node.type === "socket" || node.type === "irregular") return;
    const result = await this.#caught(
      this.#batches.make(directory, {
        name: node.name,
        type: node.type,
        linkTarget: node.linkTarget ?? joinBytes(""),
        device: BigInt(node.device ?? 0),
        metadata: metadataOf(node),
        isReplacing: action === "updated",
      }),
    );
    this.#settleItem(entry, action, 0, result);
  }

  /** The entry is right but for its metadata. */
  async #dress(entry: Entry, size: number): Promise<void> {
    const { isDryRun, report } = this.#options;
    report.bytesUnchanged += size;
    if (isDryRun) return this.#settle(entry, "unchanged", size, null);
    const { directory, node, stat } = entry;
    const existing = { name: node.name, inode: stat?.inode ?? 0n };
    const result = await this.#caught(this.#batches.dress(directory, existing, metadataOf(node)));
    this.#settleItem(entry, "unchanged", size, result);
  }

  async #link(entry: Entry, first: LinkGroup): Promise<void> {
    const { handles, isDryRun } = this.#options;
    if (!(await this.#links.whenSettled(first))) {
      const error = new Error("the entry it is a hard link of could not be restored");
      return this.#settle(entry, "failed", 0, { during: "link", error });
    }
    if (!this.#clearWay(entry)) return;
    const existing = entry.stat?.type === "dir" ? null : entry.stat;
    try {
      const action = linkEntry(entry, first, existing, { handles, isDryRun });
      this.#settle(entry, action, 0, null);
    } catch (error) {
      if (error instanceof BackupError || !(error instanceof Error)) throw error;
      this.#settle(entry, "failed", 0, faultOfError("link", error));
    }
  }

  /** Whether nothing is in the way any more that a rename would not replace. Else the entry is settled. */
  #clearWay(entry: Entry): boolean {
    if (entry.stat?.type !== "dir") return true;
    try {
      this.#options.handles.with(entry.directory, (above) =>
        clearDirectory(above, entry.node.name, entry.path, this.#options),
      );
      return true;
    } catch (error) {
      if (error instanceof BackupError || !(error instanceof Error)) throw error;
      this.#settle(entry, "failed", 0, { during: "replace", error });
      return false;
    }
  }

  #isSame({ directory, node, stat }: Entry): boolean {
    if (stat?.type !== node.type) return false;
    if (node.type !== "symlink") return stat.device === BigInt(node.device ?? 0);
    try {
      return this.#options.handles.with(directory, (opened) => opened.readLink(node.name)) === node.linkTarget;
    } catch {
      return false;
    }
  }

  /** A directory that was exchanged meanwhile fails its entries, not the restore. */
  async #caught(result: Promise<ItemResult>): Promise<ItemResult> {
    try {
      return await result;
    } catch (error) {
      if (error instanceof BackupError || !(error instanceof Error)) throw error;
      return { failure: faultOf("open", error), faults: [] };
    }
  }

  #settleItem(
    entry: Pick<Entry, "directory" | "path" | "node" | "group">,
    action: RestoreAction,
    size: number,
    { failure, faults }: ItemResult,
  ): void {
    this.#settle(entry, action, size, failure === null ? null : { during: failure.during, error: failure });
    this.#options.report.faults(entry.path, faults);
  }

  /** The entry has its final state: those that wait for it go on. */
  #settle(
    entry: Pick<Entry, "directory" | "path" | "node" | "group">,
    action: RestoreAction,
    size: number,
    failure: { readonly during: string; readonly error: Fault | Error } | null,
  ): void {
    const { report, maker } = this.#options;
    if (entry.node.type === "file") report.filesDone++;
    if (failure === null) report.act(action, entry.path, size);
    else this.#fail(entry.path, failure.during, failure.error);
    this.#links.settle(entry.group, failure === null);
    maker.release(entry.directory);
  }

  #fail(path: ByteString, during: string, error: Fault | Error): void {
    this.#options.onUntouched(path);
    this.#options.report.fail(path, during, error);
  }
}

function factsOf(node: Node) {
  return { type: node.type, size: node.size ?? 0, mtimeNs: instantNs(node.mtime) };
}

function faultOfError(during: string, error: Error) {
  return { during, error: faultOf(during, error) };
}
