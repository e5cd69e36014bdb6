import { timeWindowSeconds } from "../snmp-message/index.ts";

/** Longer than the window within which a signed message is of now (RFC 3414 §3.2 7): what comes again later is late. */
const keptMs = (timeWindowSeconds + 10) * 1000;
const mostKept = 50_000;

/** Messages that were stored within the last minutes. An inform whose answer was lost comes again, and is answered again; a signed trap never does. */
export class RecentMessages {
  readonly #storedAtMs = new Map<string, number>();

  has(key: string, nowMs: number): boolean {
    const atMs = this.#storedAtMs.get(key);
    return atMs !== undefined && nowMs - atMs < keptMs;
  }

  add(key: string, nowMs: number): void {
    this.#storedAtMs.delete(key);
    this.#storedAtMs.set(key, nowMs);
    for (const [oldest, atMs] of this.#storedAtMs) {
      if (nowMs - atMs < keptMs && this.#storedAtMs.size <= mostKept) break;
      this.#storedAtMs.delete(oldest);
    }
  }
}
