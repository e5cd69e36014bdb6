/** What we use of snappyjs, which brings no types: Snappy's block format. */
declare module "snappyjs" {
  export function compress(bytes: Uint8Array): Uint8Array;
  /** Throws when the bytes are no such block, or are longer than `maximumLength` uncompressed. */
  export function uncompress(bytes: Uint8Array, maximumLength?: number): Uint8Array;
}
