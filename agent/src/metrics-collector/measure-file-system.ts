import { statfsSync } from "node:fs";
import { programEnvironment, runProgram } from "@mycloud/checks/program";

/** What statfs(2) says. */
export interface FileSystemFigures {
  readonly blockSize: number;
  readonly blocks: number;
  readonly freeBlocks: number;
  readonly availableBlocks: number;
  readonly files: number;
  readonly freeFiles: number;
}

/** The figures of a mounted file system; undefined when it cannot be asked, or does not answer in time. Never rejects. */
export type MeasureFileSystem = (mountpoint: string, fstype: string) => Promise<FileSystemFigures | undefined>;

export interface MeasureFileSystemOptions {
  /** How long a remote file system may take. */
  readonly timeoutMs: number;
  readonly measureLocal?: (mountpoint: string) => FileSystemFigures;
  /** Resolves when the answer is there, however long that takes. */
  readonly measureRemote?: (mountpoint: string, signal: AbortSignal) => Promise<FileSystemFigures | undefined>;
}

/** Their figures come from this machine's memory: asking takes microseconds and does not hang. */
const localTypes =
  /^(ext[234]|xfs|btrfs|zfs|f2fs|jfs|reiserfs|bcachefs|vfat|exfat|ntfs3?|hfsplus|udf|ufs|minix|erofs|ubifs|tmpfs|ramfs|rootfs)$/;

/**
 * Asks local file systems directly. Anything else may hang in the kernel for hours when its server is gone, and would take one
 * of the process's four file threads with it: a `stat` process asks instead, and while one hangs no second is started.
 */
export function createMeasureFileSystem(options: MeasureFileSystemOptions): MeasureFileSystem {
  const { timeoutMs, measureLocal = askKernel, measureRemote = askProcess } = options;
  const hanging = new Set<string>();

  return async (mountpoint, fstype) => {
    try {
      if (localTypes.test(fstype)) return measureLocal(mountpoint);
      if (hanging.has(mountpoint)) return undefined;
      const stopping = new AbortController();
      hanging.add(mountpoint);
      const asked = measureRemote(mountpoint, stopping.signal).finally(() => hanging.delete(mountpoint));
      return await withinTime(asked, timeoutMs, () => stopping.abort());
    } catch {
      return undefined;
    }
  };
}

async function withinTime<Value>(asked: Promise<Value>, ms: number, onLate: () => void): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      onLate();
      resolve(undefined);
    }, ms);
  });
  // When nobody waits for it any more, its failure is nobody's.
  asked.catch(() => undefined);
  return await Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

function askKernel(mountpoint: string): FileSystemFigures {
  const { bsize, blocks, bfree, bavail, files, ffree } = statfsSync(mountpoint);
  return { blockSize: bsize, blocks, freeBlocks: bfree, availableBlocks: bavail, files, freeFiles: ffree };
}

async function askProcess(mountpoint: string, signal: AbortSignal): Promise<FileSystemFigures | undefined> {
  const args = ["-f", "-c", "%s %b %f %a %c %d", "--", mountpoint];
  const { stdout } = await runProgram({ file: "stat", args, env: programEnvironment(process.env), signal });
  const [blockSize, blocks, freeBlocks, availableBlocks, files = 0, freeFiles = 0] = stdout
    .trim()
    .split(" ")
    .map(Number);
  if (blockSize === undefined || blocks === undefined || freeBlocks === undefined) return undefined;
  if (availableBlocks === undefined || Number.isNaN(blockSize)) return undefined;
  return { blockSize, blocks, freeBlocks, availableBlocks, files, freeFiles };
}
