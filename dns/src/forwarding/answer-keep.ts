import type { KeptAnswer } from "./kept-answer.ts";

/** What has expired is kept for a day, for when resolvers are away (RFC 8767 §5). */
const staleMs = 86_400_000;

/** Answers by question: at most so many, those that were asked for longest ago go first. */
export class AnswerKeep {
  #maximum = 0;
  readonly #answers = new Map<string, KeptAnswer>();

  get size(): number {
    return this.#answers.size;
  }

  configure(maximum: number): void {
    this.#maximum = maximum;
    this.#trim();
  }

  /** Also one that has expired. */
  find(key: string, nowMs: number): KeptAnswer | undefined {
    const found = this.#answers.get(key);
    if (found === undefined) return undefined;
    this.#answers.delete(key);
    // A clock that was set back makes an answer of the future: it is not to be believed for longer than it said.
    if (nowMs >= found.expiresAtMs + staleMs || nowMs < found.receivedAtMs) return undefined;
    this.#answers.set(key, found);
    return found;
  }

  put(key: string, answer: KeptAnswer): void {
    if (answer.expiresAtMs <= answer.receivedAtMs) return;
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    this.#trim();
  }

  #trim(): void {
    for (const key of this.#answers.keys()) {
      if (this.#answers.size <= this.#maximum) return;
      this.#answers.delete(key);
    }
  }
}
