import { InvalidArgumentError } from "commander";

const factors: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** Reads a size such as `500G` as bytes; for commander's option parser. */
export function sizeValue(text: string): number {
  const [, digits, unit = ""] = /^(\d+)([kmgt])?(?:i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Number(digits) * (factors[unit.toLowerCase()] ?? Number.NaN);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new InvalidArgumentError("Write a size in bytes or with a unit: 500M, 20G, 2T.");
}
