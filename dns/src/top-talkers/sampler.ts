const turnMs = 100;

/**
 * Which queries are looked at closely: all while there are few, so that quiet servers know every client, and one in `oneIn` beyond `freePerTurn` in a
 * tenth of a second, so that a busy one answers.
 */
export class Sampler {
  readonly #freePerTurn: number;
  readonly #oneIn: number;
  #turnEndsAtMs = 0;
  #seen = 0;

  constructor(freePerTurn: number, oneIn: number) {
    this.#freePerTurn = freePerTurn;
    this.#oneIn = oneIn;
  }

  /** For how many queries this one stands; 0: it is not looked at. */
  weigh(nowMs: number): number {
    // A clock that was set back begins a turn too.
    if (nowMs >= this.#turnEndsAtMs || nowMs < this.#turnEndsAtMs - turnMs) {
      this.#turnEndsAtMs = nowMs + turnMs;
      this.#seen = 0;
    }
    this.#seen += 1;
    if (this.#seen <= this.#freePerTurn) return 1;
    return (this.#seen - this.#freePerTurn) % this.#oneIn === 0 ? this.#oneIn : 0;
  }
}
