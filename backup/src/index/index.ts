// Index files say which blobs lie in which packs, where and how long. All of them together are the `BlobIndex`: one table in shared
// memory, about 60 bytes a blob, that worker threads take part in (`openSharedBlobTable`) so that each blob is stored by one of them.
export * from "./blob-index.ts";
export * from "./open-shared-blob-table.ts";
export * from "./read-index-file.ts";
export * from "./rewrite-index-files.ts";
export * from "./save-index.ts";
export * from "./table-blob-index.ts";
