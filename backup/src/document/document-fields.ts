/** The fields of a document. Each is checked when it is asked for; the error that `makeError` makes of a message is thrown then. */
export class DocumentFields {
  readonly values: Readonly<Record<string, unknown>>;
  readonly #makeError: (message: string) => Error;

  constructor(document: unknown, makeError: (message: string) => Error) {
    this.#makeError = makeError;
    if (!isRecord(document)) throw makeError("it is no JSON object");
    this.values = document;
  }

  /** A text of that form; `fallback` when the field is missing. */
  text(
    name: string,
    options: { readonly fallback?: string; readonly isForm?: (text: string) => boolean } = {},
  ): string {
    const { fallback, isForm = () => true } = options;
    const value = this.values[name] ?? (name in this.values ? null : fallback);
    return typeof value === "string" && isForm(value) ? value : this.#refuse(name, "a text of the right form");
  }

  /** A whole number of at least `least`; `fallback` when the field is missing. */
  wholeNumber(name: string, options: { readonly fallback?: number; readonly least?: number } = {}): number {
    const { fallback, least = Number.MIN_SAFE_INTEGER } = options;
    const value = this.values[name] ?? (name in this.values ? null : fallback);
    const isRight = typeof value === "number" && Number.isSafeInteger(value) && value >= least;
    return isRight
      ? value
      : this.#refuse(name, least > Number.MIN_SAFE_INTEGER ? `a whole number from ${least}` : "a whole number");
  }

  number(name: string): number {
    const value = this.values[name];
    return typeof value === "number" ? value : this.#refuse(name, "a number");
  }

  /** True or false; false when the field is missing. */
  flag(name: string): boolean {
    const value = name in this.values ? this.values[name] : false;
    return typeof value === "boolean" ? value : this.#refuse(name, "true or false");
  }

  /** A list of texts. Go writes null for an empty one. */
  texts(name: string): readonly string[] {
    const value = this.values[name] ?? [];
    return Array.isArray(value) && value.every((text) => typeof text === "string")
      ? value
      : this.#refuse(name, "a list of texts");
  }

  has(name: string): boolean {
    return this.values[name] !== undefined;
  }

  /** Whether there is more to a field than nothing, as Go's null. */
  hasValue(name: string): boolean {
    return this.values[name] !== undefined && this.values[name] !== null;
  }

  #refuse(name: string, expected: string): never {
    const value = JSON.stringify(this.values[name])?.slice(0, 100);
    throw this.#makeError(value === undefined ? `${name} is missing` : `${name} is ${value}, and not ${expected}`);
  }
}

/** Whether this is an object with fields, and no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
