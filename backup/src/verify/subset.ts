/** Which packs to read: the `n`-th of `t` parts (by id, so that t runs cover all), or packs chosen at random. */
export type PackSubset =
  | { readonly kind: "all" }
  | { readonly kind: "part"; readonly n: number; readonly t: number }
  | { readonly kind: "percent"; readonly percent: number }
  | { readonly kind: "bytes"; readonly bytes: number };

/** Reads what --read-data-subset takes: `n/t`, `x%` or a size such as `500M`. Throws InputError. */
export function parsePackSubset(text: string): PackSubset {
  throw new Error(`not built yet (${text})`);
}
