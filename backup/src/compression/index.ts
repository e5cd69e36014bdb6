// Blobs are compressed with zstd before they are sealed, unless that would not make them smaller. What is packed already (media,
// archives, ciphertext) is found by a look at a sample, which costs a hundredth of trying. `compress` and `decompress` are for one blob, a `Compressor` and a `Decompressor` for many.
export { compress, defaultLevel, largestFrameBytes } from "./compress.ts";
export * from "./compressor.ts";
export * from "./decompress.ts";
export * from "./decompressor.ts";
export * from "./looks-incompressible.ts";
