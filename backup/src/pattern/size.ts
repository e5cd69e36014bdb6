import { InputError } from "../error/index.ts";

const factors: Readonly<Record<string, number>> = { "": 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** Bytes of a size as restic's options have it: a whole number, with B, K, M, G or T (powers of 1024) in either case. Throws InputError. */
export function parseSize(text: string, option: string): number {
  const [, digits, unit] = /^(\d+)([bkmgt]?)$/i.exec(text) ?? [];
  const size = Number(digits) * (factors[unit?.toLowerCase() ?? ""] ?? Number.NaN);
  if (!Number.isSafeInteger(size)) {
    throw new InputError(
      `${option}: ${JSON.stringify(text)} is no size; write a whole number with B, K, M, G or T, e.g. 10M`,
    );
  }
  return size;
}
