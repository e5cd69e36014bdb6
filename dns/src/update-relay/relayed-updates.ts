import { createHash } from "node:crypto";
import { resultCodes } from "../message/index.ts";
import type { Clock } from "../server/index.ts";

/** How long the control plane is waited for; clients ask again sooner than they give up. */
const deadlineMs = 15_000;
/** The same message within this is the same update sent again, not another one. */
const sameWithinMs = 60_000;
/** Updates that are waited for, or known, at the same time. */
const maximumPending = 100;
const maximumKnown = 4_096;

interface Known {
  readonly id: string;
  readonly untilMs: number;
  pending: Promise<number> | undefined;
}

/** Passes updates on, each once, however often its client sends it while it waits. */
export class RelayedUpdates {
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  readonly #abort = new AbortController();
  #pendingCount = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get pending(): number {
    return this.#pendingCount;
  }

  /**
   * Resolves to the result code of an update: SERVFAIL where nobody decided on it in time. `identity`: what is the same when it is sent again. `relay` is
   * called with an id that is the same for it then.
   */
  async pass(
    identity: readonly (string | Buffer)[],
    relay: (id: string, signal: AbortSignal) => Promise<number>,
  ): Promise<number> {
    const hash = createHash("sha256");
    for (const part of identity) hash.update(`${part.length} `).update(part);
    const digest = hash.digest("base64url").slice(0, 32);
    const nowMs = this.#clock.now();
    const known = this.#find(digest, nowMs);
    if (known.pending !== undefined) return await known.pending;
    if (this.#pendingCount >= maximumPending) return resultCodes.SERVFAIL;
    this.#pendingCount += 1;
    known.pending = this.#run(known.id, relay);
    try {
      return await known.pending;
    } finally {
      known.pending = undefined;
      this.#pendingCount -= 1;
    }
  }

  /** Nobody is waited for any more. */
  close(): void {
    this.#abort.abort(new Error("the name server is closing"));
  }

  #find(digest: string, nowMs: number): Known {
    const known = this.#known.get(digest);
    if (known !== undefined && (known.pending !== undefined || known.untilMs > nowMs)) return known;
    this.#known.delete(digest);
    // The oldest are first in the map.
    for (const [each, { pending, untilMs }] of this.#known) {
      if (pending !== undefined || (untilMs > nowMs && this.#known.size < maximumKnown)) break;
      this.#known.delete(each);
    }
    const made = { id: `${digest}-${nowMs.toString(36)}`, untilMs: nowMs + sameWithinMs, pending: undefined };
    this.#known.set(digest, made);
    return made;
  }

  async #run(id: string, relay: (id: string, signal: AbortSignal) => Promise<number>): Promise<number> {
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, this.#abort.signal]);
    const cancel = this.#clock.after(deadlineMs, () =>
      abort.abort(new Error("the control plane did not answer in time")),
    );
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    try {
      signal.throwIfAborted();
      return await Promise.race([relay(id, signal), aborted]);
    } catch {
      return resultCodes.SERVFAIL;
    } finally {
      cancel();
    }
  }
}
