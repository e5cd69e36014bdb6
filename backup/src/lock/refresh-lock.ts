import type { Id } from "../blob/index.ts";
import { LockedError } from "../error/index.ts";
import { reachFaultPoint } from "../fault-point/index.ts";
import type { Repository } from "../repository/repository.ts";
import { type Acquisition, createLock } from "./acquire-lock.ts";
import { staleAfterMs } from "./staleness.ts";

export interface FreshLock {
  /** Ends the refreshing; resolves to the name that the lock has now. */
  stop(): Promise<Id>;
}

/**
 * Keeps a lock from looking stale: every so often it is stored again with the present time, then the old one is removed. `onLost` is
 * called, once, when somebody has removed it, or when it could not be refreshed for so long that somebody may soon.
 */
export function keepLockFresh(
  repository: Repository,
  acquisition: Acquisition,
  firstId: Id,
  options: { readonly everyMs: number; readonly onLost: (error: Error) => void },
): FreshLock {
  let id = firstId;
  let refreshedAt = performance.now();
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();

  async function refresh(): Promise<void> {
    try {
      const next = await replaceLock(repository, { ...acquisition, signal: undefined }, id);
      if (next === null)
        return lose(new LockedError(`somebody removed our lock ${id.slice(0, 8)} on ${repository.backend.location}`));
      id = next;
      refreshedAt = performance.now();
    } catch (cause) {
      // Out of reach for now. Well before the others may remove it, the work has to end.
      if (performance.now() - refreshedAt < staleAfterMs * 0.75) return;
      lose(new LockedError(`our lock on ${repository.backend.location} cannot be refreshed any more`, { cause }));
    }
  }

  function lose(error: Error): void {
    clearInterval(timer);
    if (!isStopped) options.onLost(error);
  }

  const timer = setInterval(() => {
    running = running.then(refresh);
  }, options.everyMs);
  timer.unref();
  return {
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await running;
      return id;
    },
  };
}

/** Stores the lock anew and removes the old one; null when the old one is gone: then somebody may rely on there being none. */
async function replaceLock(repository: Repository, acquisition: Acquisition, id: Id): Promise<Id | null> {
  if ((await repository.backend.stat({ type: "locks", name: id })) === null) return null;
  const next = await createLock(repository, acquisition);
  reachFaultPoint("lock/refreshed");
  await repository.backend.remove({ type: "locks", name: id });
  return next;
}
