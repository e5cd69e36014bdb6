// The queue of logs: what was read and not yet taken by a destination, on disk.
//
// Records of one source are gathered in an *open chunk*, already in the form in which they are sent: MessagePack entries one behind another. It is
// closed when it is large enough, or when a destination has nothing else to do; then it is compressed, written, and put into the queue of every
// destination of the source: one file with several names (hard links). As long as it is open while destinations are busy, its records are appended to a
// *journal* twice a second.
//
// With the records go the *checkpoints* of their source: how far it has been read. They are committed in the same write, so a shipper that was killed reads
// on exactly behind the last record that the queue holds. Chunks that were acknowledged go; their checkpoints stay in `checkpoints.log`:
// all that are known, and behind them, a line each, what changed since; when that is long, all are written anew.
//
//   <directory>/checkpoints.log        how far each source has been read, up to a chunk
//   <directory>/journal/<id>           an open chunk: groups of entries, each with its checksum
//   <directory>/commit/                a closed chunk on its way to several destinations
//   <directory>/queue/<destination>/   closed chunks in order; `aside/` has those that the destination refuses for ever
export * from "./checkpoint.ts";
export * from "./chunk-file.ts";
export * from "./destination-queue.ts";
export * from "./entry-writer.ts";
export * from "./log-queue.ts";
