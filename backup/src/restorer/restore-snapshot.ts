import type { Repository } from "../repository/repository.ts";
import type { RestoreOptions } from "./restore-options.ts";
import type { RestoreSummary } from "./restore-summary.ts";

/**
 * Writes a snapshot, or a part of it, to the file system. The index must be loaded. What cannot be restored is named in the summary
 * and the rest goes on. Throws InputError (options), NotFoundError (subfolder), OutOfSpaceError, NotAllowedError and UnavailableError (storage),
 * and the signal's reason.
 */
export async function restoreSnapshot(_repository: Repository, _options: RestoreOptions): Promise<RestoreSummary> {
  throw new Error("restoreSnapshot: not built yet");
}
