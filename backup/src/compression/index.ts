// Blobs are compressed with zstd before they are sealed, unless that would not make them smaller. What is packed already (media,
// archives, ciphertext) is found by a look at a sample, which costs a hundredth of trying.
export * from "./compress.ts";
export * from "./decompress.ts";
export * from "./looks-incompressible.ts";
