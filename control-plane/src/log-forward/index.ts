// Log forwards: records that come in are sent on to outside systems, by Forward or syslog. What matches a forward's query is put into its queue on disk
// (`disk-queue.ts`) and held there until it is stored, and sent from there in order (`drain-queue.ts`, target/): a system that is away keeps nobody
// waiting, until its queue is full and the oldest goes. At least once: what a killed process had held goes out, whether it was stored or not, and what is
// sent again has the same chunk.
export * from "./create-log-forwards.ts";
