/** One zstd frame of these bytes, or null when that is not smaller. */
export function compress(_bytes: Uint8Array, _level = 3): Uint8Array<ArrayBuffer> | null {
  throw new Error("compress is not built yet");
}
