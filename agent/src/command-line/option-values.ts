import { InvalidArgumentError } from "commander";
import { parseDurationMs } from "./time-text.ts";

/** Reads a whole number within limits; for commander's option parser. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`Write a whole number from ${minimum} to ${maximum}.`);
  };
}

/** Collects a repeatable option. */
export function collect(text: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), text];
}

/** Reads one of some words, in any case, as the word is spelled in the list. */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`Write one of: ${words.join(", ")}.`);
  };
}

/** Like `oneOf` for an option that may be repeated or hold several words with commas between. */
export function someOf<Word extends string>(words: readonly Word[]): (text: string, previous?: Word[]) => Word[] {
  const parse = oneOf(words);
  return (text, previous = []) => [...previous, ...text.split(",").map((word) => parse(word.trim()))];
}

/** Reads a duration such as `2h` as milliseconds. */
export function durationMs(text: string): number {
  const value = parseDurationMs(text);
  if (value !== undefined && value > 0) return value;
  throw new InvalidArgumentError("Write a duration such as 90s, 15m, 2h, 1d or 1h30m.");
}

/** Collects `name=value` pairs. */
export function namedValue(text: string, previous: Record<string, string> | undefined): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Write it as name=value.");
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) };
}

/** Reads an address such as `https://mycloud.example.org`, without a slash at its end. */
export function httpAddress(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError("Write an address such as https://mycloud.example.org.");
  }
  return text.replace(/\/+$/, "");
}
