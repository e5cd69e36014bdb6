import { parseDecimal } from "../plugin-api/decimal.ts";
import { parseRange, type Range } from "../plugin-api/range.ts";
import { optionLabel, type PluginOption } from "./option.ts";
import { UsageError } from "./usage-error.ts";

/** An option as it was given, in the order of the command line. */
export interface GivenOption {
  readonly name: string;
  readonly value: string;
}

/** Bounds of a number option, both included. */
export interface NumberLimits {
  readonly min?: number;
  readonly max?: number;
  readonly isInteger?: boolean;
}

/** The options of one run. Each getter throws UsageError where the value is not what the option takes. */
export class OptionValues {
  /** As given, in order: for options such as check_disk's, whose meaning depends on what went before. */
  readonly given: readonly GivenOption[];
  readonly operands: readonly string[];
  readonly #options: ReadonlyMap<string, PluginOption>;

  constructor(options: readonly PluginOption[], given: readonly GivenOption[], operands: readonly string[] = []) {
    this.#options = new Map(options.map((option) => [option.name, option]));
    this.given = given;
    this.operands = operands;
  }

  isGiven(name: string): boolean {
    return this.given.some((option) => option.name === name);
  }

  /** How often a flag was given: the verbosity of `-vv` is 2. */
  count(name: string): number {
    return this.given.filter((option) => option.name === name).length;
  }

  /** The last value given, else the default, else undefined. */
  text(name: string): string | undefined {
    const option = this.#option(name);
    const value = this.given.findLast((given) => given.name === name)?.value ?? option.default;
    if (value !== undefined && option.choices !== undefined && !option.choices.includes(value)) {
      throw new UsageError(`${optionLabel(option)} is "${value}"; expected one of ${option.choices.join(", ")}`);
    }
    return value;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value !== undefined && value !== "") return value;
    const option = this.#option(name);
    throw new UsageError(`${optionLabel(option)} ${option.value ?? ""} is required: ${option.description}`);
  }

  /** Every value given, else the default alone. */
  texts(name: string): readonly string[] {
    const values = this.given.filter((option) => option.name === name).map((option) => option.value);
    const fallback = this.#option(name).default;
    return values.length === 0 && fallback !== undefined ? [fallback] : values;
  }

  number(name: string, limits: NumberLimits = {}): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : this.numberIn(name, text, limits);
  }

  /** Reads a number out of the value of an option, for values made of several parts. */
  numberIn(name: string, text: string, limits: NumberLimits = {}): number {
    const value = parseDecimal(text.trim());
    const { min = -Infinity, max = Infinity, isInteger = false } = limits;
    if (value !== undefined && value >= min && value <= max && (!isInteger || Number.isInteger(value))) return value;
    const kind = isInteger ? "a whole number" : "a number";
    const bounds = [
      min === -Infinity ? "" : ` of at least ${min}`,
      max === Infinity ? "" : `${min === -Infinity ? " of" : " and"} at most ${max}`,
    ].join("");
    throw this.refuse(name, text, `${kind}${bounds}`);
  }

  range(name: string): Range | undefined {
    const text = this.text(name);
    return text === undefined || text === "" ? undefined : this.rangeIn(name, text);
  }

  /** Reads a range out of the value of an option, for values made of several parts. */
  rangeIn(name: string, text: string): Range {
    const parsed = parseRange(text);
    if (parsed.ok) return parsed.range;
    throw new UsageError(`${optionLabel(this.#option(name))}: ${parsed.error}`);
  }

  /** A regular expression the user wrote, refused with the engine's reason. */
  pattern(name: string, text: string, flags = ""): RegExp {
    try {
      return new RegExp(text, flags);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw this.refuse(name, text, `a regular expression (${reason})`);
    }
  }

  /** The error for a value that an option does not take. */
  refuse(name: string, value: string, expected: string): UsageError {
    return new UsageError(`${optionLabel(this.#option(name))} is "${value.slice(0, 100)}"; expected ${expected}`);
  }

  #option(name: string): PluginOption {
    const option = this.#options.get(name);
    if (option === undefined) throw new Error(`this check declares no option --${name}`);
    return option;
  }
}
