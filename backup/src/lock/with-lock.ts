import { setTimeout as sleep } from "node:timers/promises";
import type { Id } from "../blob/index.ts";
import { LockedError } from "../error/index.ts";
import { reachFaultPoint } from "../fault-point/index.ts";
import type { Repository } from "../repository/repository.ts";
import { type Acquisition, acquireLock } from "./acquire-lock.ts";
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
  readonly signal?: AbortSignal | undefined;
}

const longestRetryDelayMs = 60_000;

/**
 * Does some work while holding a lock, and releases it afterwards, also when the work throws. The work's own signal is aborted when
 * `signal` is, and when the lock is lost (removed by somebody, or not refreshable): stop writing then.
 * Throws LockedError, which says who holds the other lock.
 */
export async function withLock<T>(
  repository: Repository,
  options: LockOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const acquisition: Acquisition = {
    isExclusive: options.isExclusive,
    owner: presentProcess(),
    now: options.now ?? Date.now,
    signal: options.signal,
  };
  const lost = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, lost.signal]) : lost.signal;
  const id = await acquireWithRetries(repository, acquisition, options.retryForMs ?? 0, options.random ?? Math.random);
  const fresh = keepLockFresh(repository, acquisition, id, {
    everyMs: options.refreshEveryMs ?? 5 * 60_000,
    onLost: (error) => lost.abort(error),
  });
  try {
    return await work(signal);
  } finally {
    const held: Id = await fresh.stop();
    reachFaultPoint("lock/before-release");
    // Not the caller's signal: a lock is released when the work was aborted, too. One that cannot be released becomes stale.
    await repository.backend.remove({ type: "locks", name: held }).catch(() => undefined);
  }
}

async function acquireWithRetries(
  repository: Repository,
  acquisition: Acquisition,
  retryForMs: number,
  random: () => number,
): Promise<Id> {
  // Waiting is measured by the monotonic clock: the other may be set while we wait.
  const end = performance.now() + retryForMs;
  for (let delayMs = 1000; ; delayMs = Math.min(delayMs * 2, longestRetryDelayMs)) {
    try {
      return await acquireLock(repository, acquisition);
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
