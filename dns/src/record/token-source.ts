import { RecordDataError } from "./record-data-error.ts";
import type { Token } from "./token.ts";

/** The words of a record's data, taken one after the other. */
export class TokenSource {
  readonly #tokens: readonly Token[];
  readonly #typeName: string;
  #at: number;

  constructor(tokens: readonly Token[], typeName: string, at = 0) {
    this.#tokens = tokens;
    this.#typeName = typeName;
    this.#at = at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** The next word as it stands. Throws RecordDataError where there is none. */
  next(label: string, expected: string): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new RecordDataError(`${this.#typeName} has no ${label}: expected ${expected}`);
    this.#at += 1;
    return token;
  }

  /** All that is left, at least one where `isNeeded`. */
  rest(label: string, expected: string, isNeeded = true): readonly Token[] {
    if (isNeeded && this.isAtEnd) throw new RecordDataError(`${this.#typeName} has no ${label}: expected ${expected}`);
    const rest = this.#tokens.slice(this.#at);
    this.#at = this.#tokens.length;
    return rest;
  }

  /** The error that says a field's value is not what is expected. */
  refuse(label: string, found: string, expected: string): RecordDataError {
    const shown = found.length > 60 ? `${found.slice(0, 57)}...` : found;
    return new RecordDataError(`${this.#typeName}: ${label} is ${JSON.stringify(shown)}; expected ${expected}`);
  }

  /** Throws RecordDataError where words are left over. */
  end(): void {
    const left = this.#tokens[this.#at];
    if (left !== undefined) {
      throw new RecordDataError(`${this.#typeName} has more than it should: ${JSON.stringify(left.text)} is left over`);
    }
  }
}
