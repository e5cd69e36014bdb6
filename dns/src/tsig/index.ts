// Transaction signatures (RFC 8945): keys, and messages signed with them and held against them.
export * from "./tsig.ts";
export * from "./tsig-key.ts";
