/** Lines that are kept, and wait for what becomes of them. Only what is said first counts. */
export interface HeldLines {
  /** They go out. */
  release(): void;
  /** They do not. */
  discard(): void;
}

interface Range {
  readonly segment: number;
  readonly from: number;
  readonly to: number;
}

interface OpenRange extends Range {
  isDiscarded: boolean;
}

/** Ranges of a queue's bytes that may not be read: not yet, or not at all. Those that were released are forgotten. */
export class HeldRanges {
  /** In the order of the queue. */
  #ranges: OpenRange[] = [];

  /** Adds one behind all others. `onSettled` is called when it is known what becomes of it. */
  add(range: Range, onSettled: () => void): HeldLines {
    const open = { ...range, isDiscarded: false };
    this.#ranges.push(open);
    let isSettled = false;
    const settle = (change: () => void) => {
      if (isSettled) return;
      isSettled = true;
      change();
      onSettled();
    };
    return {
      release: () =>
        settle(() => {
          this.#ranges = this.#ranges.filter((other) => other !== open);
        }),
      discard: () =>
        settle(() => {
          open.isDiscarded = true;
        }),
    };
  }

  /** The first range of a segment that ends behind an offset. */
  next(segment: number, offset: number): Readonly<OpenRange> | undefined {
    return this.#ranges.find((range) => range.segment === segment && range.to > offset);
  }

  forgetBefore(segment: number, offset: number): void {
    this.#ranges = this.#ranges.filter(
      (range) => range.segment > segment || (range.segment === segment && range.to > offset),
    );
  }
}
