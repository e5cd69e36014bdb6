// The spool: results on their way, kept on disk until the control plane has said that it holds them.
//
// A *batch* is one file, named by its place in the queue and its id; the id makes delivery idempotent, so a batch may be sent any
// number of times. Files appear complete (temporary, fsync, rename, fsync of the directory), so kill -9 costs at most what was not yet
// written. The newest batch grows until somebody begins to send it, which keeps a long outage in few files. The spool is
// bounded: beyond the bound the oldest are dropped and counted. A file nobody can read, and a batch the control plane refuses as
// invalid, is set aside in `rejected/`. On a full disk batches wait in memory, bounded too.
export * from "./batch.ts";
export * from "./result-buffer.ts";
export * from "./spool.ts";
export * from "./spool-policy.ts";
