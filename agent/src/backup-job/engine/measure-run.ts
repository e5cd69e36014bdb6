import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { type ByteString, systemPath } from "@mycloud/backup/byte-string";
import { measureChange } from "@mycloud/backup/change-shape";
import type { Repository } from "@mycloud/backup/repository";
import { listSnapshots } from "@mycloud/backup/snapshot";
import type { ChangeShape } from "@mycloud/protocol/backup-change";

/** Enough to tell encrypted bytes from any other. */
const headBytes = 64 * 1024;

/** How a run's snapshot differs from the one before it; null where there was none. The files are still where they were backed up from. */
export async function measureRun(
  repository: Repository,
  snapshotId: string,
  canaries: readonly string[],
  signal: AbortSignal,
): Promise<ChangeShape | null> {
  const snapshots = await listSnapshots(repository, { signal, onDamaged: () => undefined });
  const after = snapshots.find(({ id }) => id === snapshotId);
  const before = snapshots.find(({ id }) => id === after?.parent);
  if (after === undefined || before === undefined) return null;
  const filesBefore = before.summary?.total_files_processed ?? after.summary?.files_unmodified ?? 0;
  return await measureChange(repository, { before, after, filesBefore, canaries, readHead, signal });
}

/** Never waits for a FIFO and follows no link: whoever changes files may put anything there. */
async function readHead(path: ByteString): Promise<Uint8Array | null> {
  try {
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
    await using file = await open(systemPath(path), flags);
    if (!(await file.stat()).isFile()) return null;
    const { bytesRead, buffer } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return null;
  }
}
