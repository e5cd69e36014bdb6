/** The `expectedLength` bytes that a zstd frame holds, or null when it is broken or holds more or less; never allocates for more. */
export function decompress(_frame: Uint8Array, _expectedLength: number): Uint8Array<ArrayBuffer> | null {
  throw new Error("decompress is not built yet");
}

/** What a zstd frame holds when nobody knows how much that is (unpacked files), up to `limit` bytes, or null when it is broken or longer. */
export function decompressUpTo(_frame: Uint8Array, _limit: number): Uint8Array<ArrayBuffer> | null {
  throw new Error("decompressUpTo is not built yet");
}
