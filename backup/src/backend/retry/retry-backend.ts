import { setTimeout as delay } from "node:timers/promises";
import { BackupError, ExistsError, UnavailableError } from "../../error/index.ts";
import type { Backend } from "../backend.ts";
import { type RetryPolicy, retryWaitMs } from "./retry-policy.ts";

export interface RetryOptions extends Partial<RetryPolicy> {
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Told when a call fails for a reason it did not fail for before, and that it is tried again. */
  readonly onRetry?: (event: RetryEvent) => void;
}

export interface RetryEvent {
  readonly error: BackupError;
  readonly waitMs: number;
  /** 1 for the first failure of this call. */
  readonly attempt: number;
}

/** Bounds of repeating; see `retryWaitMs`. */
export const defaultRetryPolicy: RetryPolicy = { totalMs: 15 * 60_000, firstWaitMs: 500, maximumWaitMs: 60_000 };

/**
 * A backend that repeats calls which failed for a reason that passes (`isRetryable`), waiting longer each time, until `totalMs` are over
 * since the call's first failure. An upload whose answer was lost is sent again: the name is the hash of its content, so storing it twice
 * is storing it once; a `config` that turns out to be there is compared.
 */
export function retryBackend(backend: Backend, options: RetryOptions = {}): Backend {
  const policy = { ...defaultRetryPolicy, ...options };
  const { now = performance.now.bind(performance), random = Math.random, sleep = wait, onRetry = () => {} } = options;
  // Shared by all calls: when a server goes away, every call under way fails the same way, and that is one piece of news.
  let lastTold: { readonly message: string; readonly atMs: number } | undefined;

  function tell(event: RetryEvent, atMs: number): void {
    const message = reasonOf(event.error);
    const isNews = lastTold === undefined || lastTold.message !== message || atMs - lastTold.atMs > 60_000;
    if (!isNews) return;
    lastTold = { message, atMs };
    onRetry(event);
  }

  async function repeat<Result>(work: (attempt: number) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    let firstFailureAtMs: number | undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await work(attempt);
        if (attempt > 1) lastTold = undefined;
        return result;
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof BackupError) || !error.isRetryable) throw error;
        const nowMs = now();
        firstFailureAtMs ??= nowMs;
        const retryAfterSeconds = error instanceof UnavailableError ? error.retryAfterSeconds : null;
        const waitMs = retryWaitMs(attempt, nowMs - firstFailureAtMs, policy, random(), retryAfterSeconds);
        if (waitMs === null) throw error;
        tell({ error, waitMs, attempt }, nowMs);
        await sleep(waitMs, signal);
      }
    }
  }

  return {
    location: backend.location,
    connections: backend.connections,
    isRemote: backend.isRemote,
    create: (signal) => repeat(() => backend.create(signal), signal),
    save: (handle, bytes, signal) =>
      repeat(async (attempt) => {
        try {
          await backend.save(handle, bytes, signal);
        } catch (error) {
          if (attempt === 1 || handle.type !== "config" || !(error instanceof ExistsError)) throw error;
          // Ours, when the first attempt arrived and only its answer was lost.
          const stored = await backend.load(handle, undefined, signal);
          if (Buffer.compare(stored, bytes) !== 0) throw error;
        }
      }, signal),
    load: (handle, range, signal) => repeat(() => backend.load(handle, range, signal), signal),
    stat: (handle, signal) => repeat(() => backend.stat(handle, signal), signal),
    list: (type, signal) => repeat(() => backend.list(type, signal), signal),
    remove: (handle, signal) => repeat(() => backend.remove(handle, signal), signal),
    listWanted: (signal) => repeat(() => backend.listWanted(signal), signal),
    close: () => backend.close(),
  };
}

/** The reason without the object it happened to: `rest:...: POST data/ab12: the server answers 503` is the same news for every pack. */
function reasonOf({ code, message }: BackupError): string {
  return `${code} ${message.replace(/^.*?: [A-Z]+ \S+: /, "")}`;
}

async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, signal ? { signal } : {});
}
