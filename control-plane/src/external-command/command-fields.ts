import { InputError } from "../error/index.ts";
import { splitFields } from "./parse-command.ts";

/** The fields of one command by name. Every method throws InputError when a field is missing or not of its form. */
export class CommandFields {
  readonly #command: string;
  readonly #values: ReadonlyMap<string, string>;

  constructor(command: string, names: readonly string[], rest: string) {
    this.#command = command;
    const values = splitFields(rest, Math.max(1, names.length));
    const plain = names.map((name) => name.replace(/\?$/, ""));
    const required = names.findIndex((name) => name.endsWith("?"));
    if (values.length < (required < 0 ? names.length : required)) {
      throw new InputError(`${command} has ${values.length} fields; it needs ${plain.join(";") || "none"}`);
    }
    this.#values = new Map(
      plain.flatMap((name, index) => (index < values.length ? [[name, values[index] ?? ""]] : [])),
    );
  }

  /** As it is written; empty when it is missing. */
  text(name: string): string {
    return this.#values.get(name) ?? "";
  }

  /** Not empty, without white space around it. */
  name(name: string): string {
    const text = this.text(name).trim();
    if (text === "") throw new InputError(`${this.#command}: ${name} is empty`);
    return text;
  }

  /** A whole number of at most 15 digits; `fallback` when the field is missing or empty. */
  integer(name: string, fallback?: number): number {
    const text = this.text(name).trim();
    if (text === "" && fallback !== undefined) return fallback;
    if (/^[+-]?\d{1,15}$/.test(text)) return Number(text);
    throw new InputError(`${this.#command}: ${name} is "${text.slice(0, 40)}", which is no whole number`);
  }

  /** A number of at most 15 digits before the point, at least 0. */
  decimal(name: string): number {
    const text = this.text(name).trim();
    if (/^\d{1,15}(\.\d{1,6})?$/.test(text)) return Number(text);
    throw new InputError(`${this.#command}: ${name} is "${text.slice(0, 40)}", which is no number`);
  }

  /** A custom variable with its value. Its name is kept in upper case, without the underscore that configurations write before it. */
  variable(name: string, value: string): Record<string, string> {
    const key = this.name(name).replace(/^_/, "").toUpperCase();
    if (!/^[A-Z0-9_]{1,63}$/.test(key)) throw new InputError(`"${key.slice(0, 63)}" is no name of a variable`);
    return { [key]: this.text(value).slice(0, 4096) };
  }

  /** 0 is false, every other number true, as Nagios reads it. */
  flag(name: string, fallback?: boolean): boolean {
    return this.integer(name, fallback === undefined ? undefined : Number(fallback)) !== 0;
  }

  /** Seconds since 1970 as milliseconds; null when missing, empty or 0. */
  instantMs(name: string): number | null {
    const seconds = this.integer(name, 0);
    if (seconds < 0 || seconds > 8_640_000_000_000) throw new InputError(`${this.#command}: ${name} is no time`);
    return seconds === 0 ? null : seconds * 1000;
  }

  /** Somebody's words: not empty, at most 2,000 characters (the rest is cut), with `fallback` for those who wrote none. */
  comment(name: string, fallback: string): string {
    return this.text(name).trim().slice(0, 2000) || fallback;
  }
}
