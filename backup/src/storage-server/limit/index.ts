// What one client may take of what all share: bandwidth, requests, places for uploads, and patience.
export * from "./client-pace.ts";
export * from "./keyed-mutex.ts";
export * from "./request-rate.ts";
export * from "./slots.ts";
export * from "./token-bucket.ts";
