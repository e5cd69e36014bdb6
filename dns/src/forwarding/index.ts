// Questions outside of our zones, for clients inside: passed to resolvers, their answers kept as long as they say. No recursion of our own. What comes back
// is believed where id, port and the letters' case of the name are those that were sent (RFC 5452, 0x20).
export * from "./forwarder.ts";
export * from "./kept-answer.ts";
