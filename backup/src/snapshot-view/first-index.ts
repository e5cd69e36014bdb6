import { setTimeout } from "node:timers/promises";

/** Between two steps of one answer: a part of an index takes a hundred times as long. */
const pauseMs = 2;

/**
 * The first index of a repository while it is read, which takes a second where there are a million blobs: a folder needs a few of them, so that what asks is
 * answered from the parts that are there, and goes before the next part. Whoever does not find what it needs waits for that.
 */
export class FirstIndex {
  #working = 0;
  #waiting = 0;
  #part = Promise.withResolvers<void>();
  #changed = Promise.withResolvers<void>();

  /** Does work that finds what it needs in what is there, or throws. */
  async working<Result>(work: () => Promise<Result> | Result): Promise<Result> {
    this.#working++;
    try {
      return await work();
    } finally {
      this.#working--;
      this.#change();
    }
  }

  /** Waits for the next part, or all of it. Throws when that fails. */
  async next(whole: Promise<void>): Promise<void> {
    await this.#wait(Promise.race([this.#part.promise, whole]));
  }

  /** Waits for all of it, whoever is at work meanwhile. Throws when that fails. */
  async wholly(whole: Promise<void>): Promise<void> {
    await this.#wait(whole);
  }

  /** A part has been read. Resolves when the next one is to be: somebody waits for it, or nobody is at work. */
  async onPart(): Promise<void> {
    const { resolve } = this.#part;
    this.#part = Promise.withResolvers();
    resolve();
    await setTimeout(pauseMs);
    while (this.#working > 0 && this.#waiting === 0) {
      await this.#changed.promise;
      await setTimeout(pauseMs);
    }
  }

  async #wait(promise: Promise<void>): Promise<void> {
    this.#waiting++;
    this.#change();
    try {
      await promise;
    } finally {
      this.#waiting--;
    }
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
