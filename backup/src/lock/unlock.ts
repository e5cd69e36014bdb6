import type { Id } from "../blob/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import type { Repository } from "../repository/repository.ts";
import { type Lock, parseLock } from "./lock-file.ts";
import { identify, isAlive, presentProcess, uptimeSeconds } from "./process-identity.ts";
import { judgeLock } from "./staleness.ts";

/** The locks in the repository that can be read. Those that are released meanwhile, or are damaged, are left out, as by restic. */
export async function listLocks(repository: Repository, signal?: AbortSignal): Promise<Lock[]> {
  for (let attempt = 1; ; attempt++) {
    const files = await repository.backend.list("locks", signal);
    const locks = await Promise.all(files.map(({ name }) => readLock(repository, name, signal)));
    // One that went away may have been refreshed, under a name that was not there yet when they were listed.
    if (!locks.includes("gone") || attempt === mostAttempts) return locks.filter((lock) => typeof lock === "object");
  }
}

const mostAttempts = 5;

async function readLock(
  repository: Repository,
  id: Id,
  signal: AbortSignal | undefined,
): Promise<Lock | "gone" | "damaged"> {
  try {
    return parseLock(id, await repository.loadUnpacked("locks", id, signal));
  } catch (error) {
    if (error instanceof NotFoundError) return "gone";
    if (error instanceof DamagedError) return "damaged";
    throw error;
  }
}

/**
 * Removes stale locks (not refreshed for 30 minutes, or of a dead process of this host) and locks that cannot be read, or with `removeAll`
 * every lock; returns how many.
 */
export async function unlock(
  repository: Repository,
  options: { readonly removeAll?: boolean; readonly now: () => number; readonly signal?: AbortSignal | undefined },
): Promise<number> {
  const { signal } = options;
  const processes = { self: presentProcess(), isAlive, identify, uptimeSeconds };
  const readable = new Map((await listLocks(repository, signal)).map((lock) => [lock.id, lock]));
  let removed = 0;
  for (const { name } of await repository.backend.list("locks", signal)) {
    const lock = readable.get(name);
    const isKept = lock !== undefined && judgeLock(lock, processes, options.now()).kind === "held";
    // One that appeared since is read first, next time.
    if (
      options.removeAll !== true &&
      (isKept || (lock === undefined && (await isReadable(repository, name, signal))))
    ) {
      continue;
    }
    await repository.backend.remove({ type: "locks", name }, signal);
    removed++;
  }
  return removed;
}

async function isReadable(repository: Repository, id: string, signal: AbortSignal | undefined): Promise<boolean> {
  return await repository.loadUnpacked("locks", id, signal).then(
    () => true,
    (error: unknown) => !(error instanceof DamagedError),
  );
}
