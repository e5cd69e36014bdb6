import type { Id } from "../blob/index.ts";
import { InputError } from "../error/index.ts";

/** Which packs to read: the `n`-th of `t` parts (by id, so that t runs cover all), or packs chosen at random. */
export type PackSubset =
  | { readonly kind: "all" }
  | { readonly kind: "part"; readonly n: number; readonly t: number }
  | { readonly kind: "percent"; readonly percent: number }
  | { readonly kind: "bytes"; readonly bytes: number };

const units: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** Reads what --read-data-subset takes: `n/t`, `x%` or a size such as `500M`. Throws InputError. */
export function parsePackSubset(text: string): PackSubset {
  const part = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  if (part !== null) {
    const [n, t] = [Number(part[1]), Number(part[2])];
    // Parts are chosen by the first byte of the pack's id.
    if (n >= 1 && n <= t && t <= 256) return { kind: "part", n, t };
  }
  const percent = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text);
  if (percent !== null) {
    const value = Number(percent[1]);
    if (value > 0 && value <= 100) return { kind: "percent", percent: value };
  }
  const size = /^(\d{1,15})([kmgt]?)$/i.exec(text);
  if (size !== null) {
    const bytes = Number(size[1]) * (units[(size[2] ?? "").toLowerCase()] ?? 1);
    if (bytes > 0 && Number.isSafeInteger(bytes)) return { kind: "bytes", bytes };
  }
  throw new InputError(`subset "${text}": write 1/5 (1 of 5 parts; at most 256), 2.5% or a size such as 500M`);
}

export interface SizedPack {
  readonly id: Id;
  readonly sizeBytes: number;
}

/** The packs of a subset, at least one of them if there are any and they are chosen at random. `random` gives 0 (included) to 1. */
export function choosePacks<Pack extends SizedPack>(
  packs: readonly Pack[],
  subset: PackSubset,
  random: () => number,
): readonly Pack[] {
  switch (subset.kind) {
    case "all":
      return packs;
    case "part":
      return packs.filter(({ id }) => Number.parseInt(id.slice(0, 2), 16) % subset.t === subset.n - 1);
    case "percent":
      return shuffled(packs, random).slice(0, Math.max(1, Math.floor((packs.length * subset.percent) / 100)));
    case "bytes": {
      const total = packs.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);
      const percent = total === 0 ? 100 : Math.min(100, (100 * subset.bytes) / total);
      return choosePacks(packs, { kind: "percent", percent }, random);
    }
  }
}

/** Fisher and Yates, Durstenfeld's form. */
function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const result = [...values];
  for (let last = result.length - 1; last > 0; last--) {
    const at = Math.floor(random() * (last + 1));
    const [a, b] = [result[at], result[last]];
    if (a === undefined || b === undefined) break;
    result[at] = b;
    result[last] = a;
  }
  return result;
}
