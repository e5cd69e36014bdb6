import { setImmediate as nextTurn } from "node:timers/promises";

/** Longer than this nothing else has to wait, such as answers. */
const turnMs = 5;

/** For long work in small parts: `if (turns.areOver) await turns.next()` between two of them lets others have theirs. */
export class Turns {
  #endsAt = performance.now() + turnMs;

  get areOver(): boolean {
    return performance.now() >= this.#endsAt;
  }

  async next(): Promise<void> {
    await nextTurn();
    this.#endsAt = performance.now() + turnMs;
  }
}
