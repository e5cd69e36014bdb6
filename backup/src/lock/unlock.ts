import type { Repository } from "../repository/repository.ts";
import type { Lock } from "./lock-file.ts";

/** The locks in the repository that can be read. */
export async function listLocks(_repository: Repository, _signal?: AbortSignal): Promise<Lock[]> {
  throw new Error("listLocks is not built yet");
}

/** Removes stale locks (older than 30 minutes, or of a dead process of this host), or all of them; returns how many. */
export async function unlock(
  _repository: Repository,
  _options: { readonly removeAll?: boolean; readonly now: () => number; readonly signal?: AbortSignal },
): Promise<number> {
  throw new Error("unlock is not built yet");
}
