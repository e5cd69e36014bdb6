const keptMs = 120_000;
const mostKept = 50_000;

/** Informs that were stored within the last two minutes: one whose answer was lost comes again, and is answered again, not stored. */
export class RecentInforms {
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
