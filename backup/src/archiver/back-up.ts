import type { Repository } from "../repository/repository.ts";
import type { BackupOptions } from "./backup-options.ts";
import type { BackupSummary } from "./backup-summary.ts";

/**
 * Makes a snapshot. Takes a shared lock, loads the index when that has not been done, heals packs the server wants again. Files that cannot
 * be read are named in the summary and do not stop it.
 * Throws InputError (no such path, bad pattern, no parent), CommandFailedError, LockedError, NotAllowedError, OutOfSpaceError,
 * UnavailableError, and the signal's reason; no snapshot is made then.
 */
export async function backUp(_repository: Repository, _options: BackupOptions): Promise<BackupSummary> {
  throw new Error("backUp is not built yet");
}
