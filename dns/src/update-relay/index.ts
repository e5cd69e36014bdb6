// Updates (RFC 2136) on their way to whom they are decided by: each is passed on once, and its client waits no longer than makes sense.
export * from "./relayed-updates.ts";
