import { setTimeout as sleep } from "node:timers/promises";

export interface GateLimits {
  /** Requests under way at once. */
  readonly concurrent: number;
  readonly perSecond: number;
}

/** Lets through no more than so many at once, and no more than so many a second on average; as many at once in a burst. In order. */
export class RequestGate {
  readonly #limits: GateLimits;
  readonly #now: () => number;
  readonly #waiting = new Set<() => void>();
  #underWay = 0;
  #tokens: number;
  #filledAtMs: number;

  constructor(limits: GateLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.#tokens = limits.perSecond;
    this.#filledAtMs = now();
  }

  /** Waits for its turn, then runs. Rejects with the signal's reason when it fires first. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    try {
      await this.#takeToken(signal);
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#underWay < this.#limits.concurrent) {
      this.#underWay++;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => {
      this.#waiting.delete(resolve);
      reject(signal.reason);
    };
    this.#waiting.add(resolve);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** The place goes straight to whoever waits longest, so that nobody slips in between. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#underWay--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }

  async #takeToken(signal: AbortSignal): Promise<void> {
    const { perSecond } = this.#limits;
    const nowMs = this.#now();
    const gained = (Math.max(nowMs - this.#filledAtMs, 0) / 1_000) * perSecond;
    this.#tokens = Math.min(perSecond, this.#tokens + gained) - 1;
    this.#filledAtMs = nowMs;
    if (this.#tokens < 0) await sleep((-this.#tokens / perSecond) * 1_000, undefined, { signal });
  }
}
