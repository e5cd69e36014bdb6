import { compareWithNode } from "../archiver/walking/change-detection.ts";
import type { ByteString } from "../byte-string/index.ts";
import { NotFoundError } from "../error/index.ts";
import type { FileStat } from "../filesystem/index.ts";
import type { BlobIndex } from "../index/index.ts";
import type { DirectoryHandles } from "../restorer/directory-handles.ts";
import { Examiner } from "../restorer/examiner.ts";
import { hasMetadata } from "../restorer/has-metadata.ts";
import type { RestoreJob, RestoreResult } from "../restorer/jobs.ts";
import { planFile } from "../restorer/plan-file.ts";
import type { RestoreDirectory } from "../restorer/restore-directory.ts";
import type { Node } from "../tree/index.ts";
import type { WorkerPool } from "../worker-pool/index.ts";
import type { PresentEntry } from "./decide-entry.ts";

/** An entry of the file system, where it is and what lstat said of it. */
export interface Present {
  readonly directory: RestoreDirectory;
  readonly name: ByteString;
  readonly path: ByteString;
  readonly stat: FileStat;
}

const nothingIgnored = { ignoreCtime: false, ignoreInode: false };

/** Compares what is there with what snapshots say. Files are read by threads. */
export class PresentContent {
  readonly #index: Pick<BlobIndex, "plaintextLength">;
  readonly #handles: DirectoryHandles;
  readonly #examiner: Examiner;

  constructor(
    index: Pick<BlobIndex, "plaintextLength">,
    handles: DirectoryHandles,
    pool: Pick<WorkerPool<RestoreJob, RestoreResult>, "run">,
  ) {
    this.#index = index;
    this.#handles = handles;
    this.#examiner = new Examiner(pool, handles);
  }

  /** How far an entry is as a node says. One that was not touched since it was backed up (by its ctime) is not read. */
  async likeness(present: Present, node: Node): Promise<PresentEntry["likeness"]> {
    const { directory, name, stat } = present;
    if (stat.type !== node.type) return "different";
    if (compareWithNode(stat, node, nothingIgnored).isInodeSame) return "same";
    if (!(await this.hasContentOf(present, node))) return "different";
    const isSame = this.#handles.with(directory, (opened) => hasMetadata(opened, name, stat, node));
    return isSame ? "same" : "content";
  }

  /** Whether an entry that is no directory has the content of a node: a file's bytes, a link's target, a device's number. */
  async hasContentOf(present: Present, node: Node): Promise<boolean> {
    const { directory, name, path, stat } = present;
    if (stat.type !== node.type) return false;
    if (compareWithNode(stat, node, nothingIgnored).isInodeSame) return true;
    switch (stat.type) {
      case "file":
        return await this.#hasBytes(present, { ...node, name });
      case "symlink":
        return this.#handles.with(directory, (opened) => opened.readLink(name)) === node.linkTarget;
      case "dev":
      case "chardev":
        return stat.device === BigInt(node.device ?? 0);
      case "fifo":
      case "socket":
        return true;
      default:
        throw new Error(`${path} is of type ${stat.type}, which is not compared`);
    }
  }

  async #hasBytes({ directory, path, stat }: Present, node: Node): Promise<boolean> {
    const file = planFile({ directory, path, node, isReplacing: true, group: null }, this.#index, false);
    if (file instanceof NotFoundError || file.size !== stat.size) return false;
    if (file.size === 0) return true;
    const examined = this.#examiner.compareNamed(file, stat.inode, null);
    // Several are asked for at once, one by one: waiting for a full batch would hold up those that come one after the other.
    this.#examiner.flush();
    return (await examined).isEqual;
  }
}
