import { setTimeout as sleep } from "node:timers/promises";
import type { Id } from "../blob/index.ts";
import { LockedError } from "../error/index.ts";
import { reachFaultPoint } from "../fault-point/index.ts";
import type { Repository } from "../repository/repository.ts";
import { type Acquisition, acquireLock, type PendingLock } from "./acquire-lock.ts";
import { presentProcess } from "./process-identity.ts";
import { keepLockFresh } from "./refresh-lock.ts";

export interface LockOptions {
  readonly isExclusive: boolean;
  /** How long to try again while somebody else's lock excludes ours, in milliseconds; 0 unless given. */
  readonly retryForMs?: number | undefined;
  /** The present, in milliseconds since 1970. */
  readonly now?: () => number;
  /** Between refreshes, in milliseconds; 5 minutes unless given. */
  readonly refreshEveryMs?: number;
  /** From 0 (included) to 1 (excluded): spreads attempts, so that two who wait do not refuse each other again and again. */
  readonly random?: () => number;
  /**
   * Begins the work while the lock is still being confirmed (a fifth of a second). What it writes to the repository is held back until then,
   * so this is for work that reads for a while first; other effects it keeps back itself until the promise it is given resolves, and may be
   * begun again when that rejects. Others must not use the repository object meanwhile.
   */
  readonly startsEarly?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What is done under a lock. `confirmed` rejects when it turns out to be none; it has resolved before, unless the work starts early. */
export type LockedWork<T> = (signal: AbortSignal, confirmed: Promise<void>) => Promise<T>;

const longestRetryDelayMs = 60_000;
const refreshEveryMs = 5 * 60_000;

/**
 * Does some work while holding a lock, and releases it afterwards, also when the work throws. The work's own signal is aborted when
 * `signal` is, and when the lock is lost (removed by somebody, or not refreshable): stop writing then.
 * Throws LockedError, which says who holds the other lock.
 */
export async function withLock<T>(repository: Repository, options: LockOptions, work: LockedWork<T>): Promise<T> {
  const acquisition: Acquisition = {
    isExclusive: options.isExclusive,
    owner: presentProcess(),
    now: options.now ?? Date.now,
    signal: options.signal,
  };
  if (options.startsEarly === true) {
    const early = await tryEarly(repository, acquisition, options, work);
    if (early.isDone) return early.result;
  }
  const lock = await acquireWithRetries(repository, acquisition, options, true);
  return await holdLock(repository, acquisition, options, lock, work);
}

/** Not done when somebody's lock turned up while ours was being confirmed, and there is time left to wait for that. */
async function tryEarly<T>(
  repository: Repository,
  acquisition: Acquisition,
  options: LockOptions,
  work: LockedWork<T>,
): Promise<{ readonly isDone: true; readonly result: T } | { readonly isDone: false }> {
  const lock = await acquireWithRetries(repository, acquisition, options, false);
  repository.deferWrites(lock.confirmed);
  try {
    return { isDone: true, result: await holdLock(repository, acquisition, options, lock, work) };
  } catch (error) {
    const refusal = await lock.confirmed.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (refusal === null) throw error;
    repository.deferWrites(Promise.resolve());
    if (refusal instanceof LockedError && (options.retryForMs ?? 0) > 0) return { isDone: false };
    throw refusal;
  }
}

async function holdLock<T>(
  repository: Repository,
  acquisition: Acquisition,
  options: LockOptions,
  lock: PendingLock,
  work: LockedWork<T>,
): Promise<T> {
  const lost = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, lost.signal]) : lost.signal;
  const fresh = keepLockFresh(repository, acquisition, lock.id, {
    everyMs: options.refreshEveryMs ?? refreshEveryMs,
    onLost: (error) => lost.abort(error),
  });
  lock.confirmed.catch((error) => lost.abort(error));
  try {
    const result = await work(signal, lock.confirmed);
    await lock.confirmed;
    return result;
  } finally {
    const held: Id = await fresh.stop();
    reachFaultPoint("lock/before-release");
    // Not the caller's signal: a lock is released when the work was aborted, too. One that cannot be released becomes stale.
    await repository.backend.remove({ type: "locks", name: held }).catch(() => undefined);
  }
}

/** A lock, confirmed if it is to be. */
async function acquireWithRetries(
  repository: Repository,
  acquisition: Acquisition,
  { retryForMs = 0, random = Math.random }: LockOptions,
  isConfirmed: boolean,
): Promise<PendingLock> {
  // Waiting is measured by the monotonic clock: the other may be set while we wait.
  const end = performance.now() + retryForMs;
  for (let delayMs = 1000; ; delayMs = Math.min(delayMs * 2, longestRetryDelayMs)) {
    try {
      const lock = await acquireLock(repository, acquisition);
      if (isConfirmed) await lock.confirmed;
      return lock;
    } catch (error) {
      const leftMs = end - performance.now();
      if (!(error instanceof LockedError) || leftMs <= 0) throw error;
      await sleep(
        Math.min(delayMs * (0.5 + random()), leftMs),
        undefined,
        acquisition.signal && { signal: acquisition.signal },
      );
    }
  }
}
