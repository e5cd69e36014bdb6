// Index files say which blobs lie in which packs, where and how long. All of them together are the `BlobIndex`.
export * from "./blob-index.ts";
