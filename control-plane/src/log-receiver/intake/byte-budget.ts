/** Bytes that all senders together may have in memory; who wants more waits, first come, first served. */
export class ByteBudget {
  readonly #maximum: number;
  #used = 0;
  readonly #waiting: { readonly bytes: number; readonly go: () => void }[] = [];

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  get used(): number {
    return this.#used;
  }

  /** Waits until there is room; more than all of it is as much as all. Answers what gives it back, which may be called twice. */
  async take(wanted: number): Promise<() => void> {
    const bytes = Math.min(wanted, this.#maximum);
    if (this.#waiting.length > 0 || this.#used + bytes > this.#maximum) {
      await new Promise<void>((go) => this.#waiting.push({ bytes, go }));
    } else this.#used += bytes;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#used -= bytes;
      this.#admit();
    };
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#used + next.bytes > this.#maximum) return;
      this.#waiting.shift();
      this.#used += next.bytes;
      next.go();
    }
  }
}
