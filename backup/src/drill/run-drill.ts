import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { BackupDrill, DrillFault, DrillOrder } from "@mycloud/protocol/backup-drill";
import { displayText, joinBytes, systemPath } from "../byte-string/index.ts";
import type { Repository } from "../repository/repository.ts";
import { restoreSnapshot } from "../restorer/index.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import { instantNs } from "../tree/index.ts";
import { chooseSample, type SampledFile } from "./choose-sample.ts";

export interface DrillOptions {
  readonly snapshot: StoredSnapshot;
  readonly order: DrillOrder;
  /** A directory of its own below this is made, and removed afterwards. */
  readonly scratchDirectory: string;
  /** The present, in milliseconds since 1970. */
  readonly now: () => number;
  readonly monotonicNow: () => number;
  readonly signal: AbortSignal;
}

/** Of the free space, the part that a sample may take. */
const shareOfFreeSpace = 0.1;
const listedFaults = 20;
const pieceBytes = 1024 * 1024;

/**
 * Restores a sample and compares it. The index must be loaded. Content that does not come back right is told in the result; throws what keeps
 * anything from being restored at all (no space, no storage).
 */
export async function runDrill(repository: Repository, options: DrillOptions): Promise<BackupDrill> {
  const { snapshot, order, signal } = options;
  const scratch = join(options.scratchDirectory, "drill");
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  try {
    const { bavail, bsize } = await statfs(scratch);
    const maximumBytes = Math.min(order.maximumBytes, Math.floor(bavail * bsize * shareOfFreeSpace));
    const sample = await chooseSample(repository, snapshot.tree, { ...order, maximumBytes, signal });
    const bytes = sample.files.reduce((sum, { node }) => sum + (node.size ?? 0), 0);
    const faults = new FaultList();
    for (const { path, message } of sample.unreadable) faults.add(`${displayText(path)}/`, message);
    const startedMs = options.monotonicNow();
    if (sample.files.length > 0) await restore(repository, sample.files, scratch, faults, options);
    const seconds = Math.max(0.001, (options.monotonicNow() - startedMs) / 1000);
    const comparedLive = await compareAll(repository, sample.files, scratch, faults, signal);
    const shares = [sample.totalBytes / Math.max(1, bytes), sample.totalFiles / Math.max(1, sample.files.length)];
    return {
      snapshotId: snapshot.id,
      finishedAtMs: options.now(),
      files: sample.files.length,
      bytes,
      seconds,
      totalFiles: sample.totalFiles,
      totalBytes: sample.totalBytes,
      // By bytes or by files, whichever takes longer.
      rtoSeconds: sample.files.length === 0 ? 0 : seconds * Math.max(...shares),
      comparedLive,
      faultCount: faults.count,
      faults: faults.listed,
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** One fault a file: the first. */
class FaultList {
  readonly #byPath = new Map<string, DrillFault>();

  add(path: string, message: string): void {
    if (!this.#byPath.has(path)) {
      this.#byPath.set(path, { path: path.slice(0, 4096), message: message.slice(0, 1000) });
    }
  }

  has(path: string): boolean {
    return this.#byPath.has(path);
  }

  get count(): number {
    return this.#byPath.size;
  }

  get listed(): DrillFault[] {
    return [...this.#byPath.values()].slice(0, listedFaults);
  }
}

async function restore(
  repository: Repository,
  files: readonly SampledFile[],
  target: string,
  faults: FaultList,
  { snapshot, signal }: DrillOptions,
): Promise<void> {
  const includes = files.map(({ path }) => asPattern(Buffer.from(path, "latin1").toString("utf8")));
  const summary = await restoreSnapshot(repository, { snapshot, target, includes, signal });
  const wanted = new Set(files.map(({ path }) => displayText(path)));
  for (const { item, message } of summary.errorItems) if (wanted.has(item)) faults.add(item, message);
}

/** A path as the pattern that matches it alone. */
function asPattern(path: string): string {
  return path.replace(/[\\*?[]/g, (letter) => `\\${letter}`);
}

async function compareAll(
  repository: Repository,
  files: readonly SampledFile[],
  scratch: string,
  faults: FaultList,
  signal: AbortSignal,
): Promise<number> {
  let comparedLive = 0;
  for (const file of files) {
    signal.throwIfAborted();
    const name = displayText(file.path);
    if (faults.has(name)) continue;
    const restored = await openFile(systemPath(joinBytes(Buffer.from(scratch).toString("latin1"), file.path)));
    if (restored === null) {
      faults.add(name, "it was not restored");
      continue;
    }
    try {
      const fault = await compareWithSnapshot(repository, restored, file);
      if (fault !== null) faults.add(name, fault);
      else if (await isUnchangedAndSame(restored, file, (message) => faults.add(name, message))) comparedLive++;
    } finally {
      await restored.close();
    }
  }
  return comparedLive;
}

/** Why a restored file is not what the snapshot says; each blob of it is named by its SHA-256. */
async function compareWithSnapshot(
  { index }: Pick<Repository, "index">,
  restored: FileHandle,
  { node }: SampledFile,
): Promise<string | null> {
  const { size } = await restored.stat();
  if (size !== (node.size ?? 0)) return `it has ${size} bytes instead of ${node.size ?? 0}`;
  let at = 0;
  for (const id of node.content ?? []) {
    const length = index.plaintextLength("data", id);
    if (length === null) return `no index knows how long blob ${id} is`;
    const bytes = Buffer.alloc(length);
    await restored.read(bytes, 0, length, at);
    if (createHash("sha256").update(bytes).digest("hex") !== id) return `its content is another from byte ${at} on`;
    at += length;
  }
  return null;
}

/** Whether the file it was made of is as it was by its times and size, and has the same bytes; other bytes are told. */
async function isUnchangedAndSame(
  restored: FileHandle,
  { path, node }: SampledFile,
  onDifferent: (message: string) => void,
): Promise<boolean> {
  const live = await openFile(systemPath(path));
  if (live === null) return false;
  try {
    const { mtimeNs, ctimeNs, size } = await live.stat({ bigint: true });
    const isUnchanged =
      Number(size) === node.size && mtimeNs === instantNs(node.mtime) && ctimeNs === instantNs(node.ctime);
    if (!isUnchanged) return false;
    const pieces = [Buffer.alloc(pieceBytes), Buffer.alloc(pieceBytes)] as const;
    for (let at = 0; at < Number(size); at += pieceBytes) {
      const [left, right] = [
        await live.read(pieces[0], 0, pieceBytes, at),
        await restored.read(pieces[1], 0, pieceBytes, at),
      ];
      const isSame = pieces[0].subarray(0, left.bytesRead).equals(pieces[1].subarray(0, right.bytesRead));
      if (isSame) continue;
      // It may have been written to in this moment.
      if ((await live.stat({ bigint: true })).ctimeNs !== ctimeNs) return false;
      onDifferent("the file on the machine has other bytes, though its times and size say that it has not changed");
      return false;
    }
    return true;
  } finally {
    await live.close();
  }
}

/** Null when there is no regular file; never waits for a FIFO and follows no link. */
async function openFile(path: string | Buffer): Promise<FileHandle | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    return null;
  } catch {
    return null;
  }
}
