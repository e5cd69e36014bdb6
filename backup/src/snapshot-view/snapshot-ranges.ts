/** Numbers of snapshots, newest first from 0, as ranges: what is in a thousand snapshots is mostly in a thousand in a row. */
export class SnapshotRanges {
  /** First and last of each range, one after the other. */
  readonly #bounds: number[];

  constructor(first: number, last: number) {
    this.#bounds = [first, last];
  }

  /** Adds the numbers of others, none of which is in here. */
  add(others: SnapshotRanges): void {
    for (let at = 0; at < others.#bounds.length; at += 2) {
      const [first = 0, last = 0] = others.#bounds.slice(at, at + 2);
      if (this.#bounds.at(-1) === first - 1) this.#bounds[this.#bounds.length - 1] = last;
      else this.#bounds.push(first, last);
    }
  }

  copy(): SnapshotRanges {
    const copied = new SnapshotRanges(0, 0);
    copied.#bounds.splice(0, 2, ...this.#bounds);
    return copied;
  }

  get newest(): number {
    return this.#bounds.reduce((least, bound) => Math.min(least, bound));
  }

  get oldest(): number {
    return this.#bounds.reduce((most, bound) => Math.max(most, bound));
  }
}
