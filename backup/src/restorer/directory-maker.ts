import { chmodSync, closeSync } from "node:fs";
import { joinBytes } from "../byte-string/index.ts";
import { BackupError } from "../error/index.ts";
import { applyMetadata, clearProtection, type Directory, type FileStat } from "../filesystem/index.ts";
import { instantNs } from "../tree/index.ts";
import { isBare } from "./bare-directory.ts";
import type { DirectoryHandles } from "./directory-handles.ts";
import { hasOwnMetadata } from "./has-metadata.ts";
import { metadataOf } from "./node-metadata.ts";
import { decideOverwrite } from "./overwrite-decision.ts";
import { removeExtraneous } from "./remove-extraneous.ts";
import type { RestoreDirectory } from "./restore-directory.ts";
import type { RestoreGate } from "./restore-gate.ts";
import type { OverwritePolicy } from "./restore-options.ts";
import type { RestoreReport } from "./restore-report.ts";
import type { RestoreSelection } from "./selection.ts";

export interface DirectoryMakerOptions {
  readonly handles: DirectoryHandles;
  readonly report: RestoreReport;
  readonly selection: RestoreSelection;
  readonly policy: OverwritePolicy;
  readonly isDeleting: boolean;
  readonly isDryRun: boolean;
  readonly isRoot: boolean;
  readonly gate: RestoreGate | undefined;
  readonly isAlwaysWhole: boolean;
}

/** Makes directories when the first thing in them is restored, and finishes them after the last. */
export class DirectoryMaker {
  readonly #options: DirectoryMakerOptions;
  /** Whether a file that a killed restore left half written would be made whole by another with the same policy. */
  readonly #isRepairing: boolean;

  constructor(options: DirectoryMakerOptions) {
    this.#options = options;
    this.#isRepairing = !options.isAlwaysWhole && (options.policy === "always" || options.policy === "if-changed");
  }

  /** Whether the directory is there now (in a dry run: would be). */
  ensure(directory: RestoreDirectory): boolean {
    const { parent } = directory;
    if (directory.state !== "unmade" || parent === null) return directory.state === "ready";
    if (!this.ensure(parent)) {
      directory.state = parent.state;
      return false;
    }
    try {
      directory.state = this.#make(directory, parent);
    } catch (error) {
      if (error instanceof BackupError || !(error instanceof Error)) throw error;
      directory.state = "failed";
      this.#options.report.fail(directory.path, "mkdir", error);
    }
    return directory.state === "ready";
  }

  /** One thing in the directory is done, or the walk through it. After the last one it gets its metadata. */
  release(directory: RestoreDirectory): void {
    let at: RestoreDirectory | null = directory;
    while (at !== null) {
      at.pending--;
      if (at.pending > 0) return;
      this.#finish(at);
      at = at.parent;
    }
  }

  /** Takes over the names that are there. */
  adopt(directory: RestoreDirectory, opened: Directory): void {
    for (const name of opened.readNames()) directory.existing.add(name);
  }

  #make(directory: RestoreDirectory, parent: RestoreDirectory): "ready" | "kept" | "failed" {
    const { handles, isDryRun } = this.#options;
    if (parent.isImagined) return imagine(directory);
    return handles.with(parent, (above) => {
      const stat = parent.isFresh ? null : above.statIfExists(directory.name);
      if (stat?.type === "dir") return this.#open(directory, above, stat);
      if (stat !== null) {
        const blocked = this.#clearWay(directory, above, stat);
        if (blocked !== null) return blocked;
      }
      if (isDryRun) return imagine(directory);
      above.makeDirectory(directory.name);
      directory.isFresh = true;
      directory.isDressed = true;
      const opened = above.openDirectory(directory.name);
      directory.isBare = this.#isRepairing && isBare(opened);
      this.#add(directory, opened);
      return "ready";
    });
  }

  #open(directory: RestoreDirectory, above: Directory, stat: FileStat): "ready" {
    const { policy, isDryRun, isRoot } = this.#options;
    const isOurs = directory.isSelected && !directory.isOnTheWay;
    const isNewer = directory.node !== null && instantNs(directory.node.mtime) > stat.mtimeNs;
    directory.isDressed = isOurs && policy !== "never" && (policy !== "if-newer" || isNewer);
    // Who is not root needs the rights of a directory to restore what is in it; it gets its own in the end.
    if (!isDryRun && !isRoot && directory.isDressed && (stat.mode & 0o700) !== 0o700)
      allowOwner(directory, above, stat);
    const opened = above.openDirectory(directory.name);
    if (!isDryRun && directory.isDressed) clearProtection(opened.fd);
    this.adopt(directory, opened);
    this.#add(directory, opened);
    return "ready";
  }

  /** Something else than a directory is in the way: a link is never followed. Null when the way is free. */
  #clearWay(directory: RestoreDirectory, above: Directory, stat: FileStat): "kept" | "failed" | null {
    const { policy, report, isDryRun } = this.#options;
    if (directory.isOnTheWay || !directory.isSelected) {
      const message = `a directory of this name leads to what is restored, but there it is a ${stat.type}; links are not followed: restore to another target`;
      report.fail(directory.path, "mkdir", new Error(message));
      return "failed";
    }
    const wanted = { type: "dir" as const, size: 0, mtimeNs: instantNs(directory.node?.mtime ?? "") };
    if (decideOverwrite(policy, wanted, stat) === "keep") {
      report.act("kept", directory.path, 0);
      return "kept";
    }
    const word = this.#options.gate?.mayChange(directory.path, stat) ?? "change";
    if (word instanceof Error) {
      report.fail(directory.path, "mkdir", word);
      return "failed";
    }
    if (word === "leave") {
      report.act("kept", directory.path, 0);
      return "kept";
    }
    if (!isDryRun) above.remove(directory.name);
    return null;
  }

  #add(directory: RestoreDirectory, opened: Directory): void {
    this.#options.handles.add(directory, opened);
    this.#options.handles.unpin(directory);
  }

  #finish(directory: RestoreDirectory): void {
    const { handles, report, isDeleting } = this.#options;
    if (directory.state !== "ready") return;
    try {
      const mayDelete = isDeleting && directory.isSelected && !directory.isOnTheWay && !directory.isUnreadable;
      if (mayDelete && directory.existing.size > 0) handles.with(directory, (opened) => this.#empty(directory, opened));
      this.#dress(directory);
    } catch (error) {
      if (error instanceof BackupError || !(error instanceof Error)) throw error;
      report.error(directory.path, "metadata", error);
    }
    if (directory.node !== null && directory.isSelected)
      report.act(directory.isFresh ? "created" : "unchanged", directory.path, 0);
  }

  #empty(directory: RestoreDirectory, opened: Directory): void {
    for (const name of directory.existing) {
      removeExtraneous(opened, name, joinBytes(directory.path, "/", name), this.#options);
    }
  }

  #dress(directory: RestoreDirectory): void {
    const { handles, report, isDryRun } = this.#options;
    const { node } = directory;
    if (node === null || isDryRun || !directory.isDressed) return;
    report.faults(
      directory.path,
      handles.with(directory, (opened) => {
        const isRight = this.#options.gate !== undefined && hasOwnMetadata(opened, node);
        return isRight ? [] : applyMetadata(opened.fd, metadataOf(node));
      }),
    );
  }
}

function imagine(directory: RestoreDirectory): "ready" {
  directory.isFresh = true;
  directory.isImagined = true;
  return "ready";
}

/** By a descriptor, so that nobody can put something else in the directory's place meanwhile. */
function allowOwner(directory: RestoreDirectory, above: Directory, stat: FileStat): void {
  if (stat.uid !== process.geteuid?.()) return;
  const fd = above.openEntry(directory.name);
  try {
    chmodSync(`/proc/self/fd/${fd}`, stat.mode | 0o700);
  } finally {
    closeSync(fd);
  }
}
