// The name server's end of what the control plane says: a stream of events, zones fetched after them, updates passed on, and how things stand told back.
export * from "./control-channel.ts";
export * from "./control-plane-client.ts";
export * from "./read-zone-feed.ts";
