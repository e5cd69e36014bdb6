// A blob is some bytes named by their SHA-256: a piece of a file's content (data) or a directory (tree). Blobs lie, encrypted, in packs.
export * from "./blob.ts";
