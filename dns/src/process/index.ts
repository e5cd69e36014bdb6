// The name server as processes. The supervisor (serve.ts) knows what is to be served: it follows the control plane or reads files, keeps the last good
// copy, and hands both to workers (worker.ts), which hold the zones in memory and answer. A worker that dies is replaced at once and loads from disk;
// what is hostile or heavy for the one is no concern of the other. The first worker is the leader: it fetches secondary zones and sends NOTIFY.
export * from "./exit-code.ts";
export * from "./options.ts";
export * from "./serve.ts";
export * from "./settings.ts";
