interface Bucket {
  left: number;
  atMs: number;
}

interface RateOptions {
  readonly perSecond: number;
  /** So many may come at once. */
  readonly burst: number;
  /** Of so many addresses is remembered; who was not heard for longest is forgotten, which forgives. */
  readonly mostSources: number;
}

/** How many datagrams each address may send: what one device floods does not cost the others. */
export class SourceRate {
  readonly #options: RateOptions;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: RateOptions) {
    this.#options = options;
  }

  /** Counts one, and says whether it is taken. */
  take(address: string, nowMs: number): boolean {
    const { perSecond, burst, mostSources } = this.#options;
    const bucket = this.#buckets.get(address) ?? { left: burst, atMs: nowMs };
    this.#buckets.delete(address);
    if (this.#buckets.size >= mostSources) this.#buckets.delete(this.#buckets.keys().next().value ?? "");
    this.#buckets.set(address, bucket);
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, nowMs - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = nowMs;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }
}
