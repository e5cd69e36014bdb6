// Writes blobs into a repository on the main thread, each once: for operations that carry or rewrite what is stored already. (A backup
// makes its blobs in worker threads.)
export * from "./blob-writer.ts";
