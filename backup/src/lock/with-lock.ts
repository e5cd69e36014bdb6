import type { Repository } from "../repository/repository.ts";

export interface LockOptions {
  readonly isExclusive: boolean;
  /** How long to try again while somebody else's lock excludes ours, in milliseconds; 0 unless given. */
  readonly retryForMs?: number;
  /** The present, in milliseconds since 1970. */
  readonly now?: () => number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does some work while holding a lock, and releases it afterwards, also when the work throws. The work's own signal is aborted when
 * `signal` is, and when the lock is lost (removed by somebody, or not refreshable): stop writing then.
 * Throws LockedError, which says who holds the other lock.
 */
export async function withLock<T>(
  _repository: Repository,
  _options: LockOptions,
  _work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  throw new Error("withLock is not built yet");
}
