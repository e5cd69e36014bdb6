// Index files say which blobs lie in which packs, where and how long. All of them together are the `BlobIndex`.
export * from "./blob-index.ts";
export * from "./open-shared-blob-table.ts";
export * from "./rewrite-index-files.ts";
export * from "./save-index.ts";
