import { open, stat, statfs, unlink } from "node:fs/promises";

const gibibyte = 1024 ** 3;
const reserveFileBytes = 4 * 1024 ** 2;

/** The space of the file system that the state directory is on. */
export interface FreeSpace {
  /** Bytes that an unprivileged process may still write, minus those of uploads under way. */
  freeBytes(): Promise<number>;
  readonly reserveBytes: number;
  /** Counts bytes of an upload as gone until the function it returns is called. */
  reserve(bytes: number): () => void;
  /** Runs work that makes room; where even that finds the disk full, gives up the reserve file and runs it again. */
  withReserve<T>(work: () => Promise<T>): Promise<T>;
  /** Gives up the reserve file when there is hardly any room left: for a lock, without which nothing can be deleted. */
  makeRoom(): Promise<void>;
  /** Writes the reserve file anew when it is missing and there is room. */
  refill(): Promise<void>;
}

/** Without `reserveBytes`: 1 % of the file system, at most 1 GiB. */
export async function openFreeSpace(
  directory: string,
  reserveFile: string,
  reserveBytes: number | undefined,
): Promise<FreeSpace> {
  const whole = await statfs(directory);
  const reserved = reserveBytes ?? Math.min(gibibyte, Math.floor((whole.blocks * whole.bsize) / 100));
  let incomingBytes = 0;

  async function freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize - incomingBytes;
  }

  async function refill(): Promise<void> {
    const size = Math.min(reserveFileBytes, reserved);
    const present = await stat(reserveFile).catch(() => null);
    if (present?.size === size || (await freeBytes()) < 2 * size + reserved) return;
    await using handle = await open(reserveFile, "w", 0o600);
    // Not a hole: blocks that are really taken.
    await handle.writeFile(Buffer.alloc(size, 1));
  }

  return {
    freeBytes,
    reserveBytes: reserved,
    reserve(bytes) {
      incomingBytes += bytes;
      let isReleased = false;
      return () => {
        if (!isReleased) incomingBytes -= bytes;
        isReleased = true;
      };
    },
    async withReserve(work) {
      try {
        return await work();
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        await unlink(reserveFile).catch(() => undefined);
        return await work();
      }
    },
    async makeRoom() {
      const { bavail, bsize } = await statfs(directory);
      if (bavail * bsize < reserveFileBytes) await unlink(reserveFile).catch(() => undefined);
    },
    refill: () => refill().catch(() => undefined),
  };
}

/** Whether the system says that there is no room: disk or quota. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOSPC" || code === "EDQUOT" || code === "MYCLOUD_BACKUP_OUT_OF_SPACE";
}
