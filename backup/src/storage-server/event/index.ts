// What happened, for others to watch: each new snapshot and each damaged object. Events are posted to a webhook from a queue on disk
// (at least once, in order), and streamed to those who listen.
export * from "./event.ts";
export * from "./event-queue.ts";
export * from "./event-stream.ts";
export * from "./post-events.ts";
