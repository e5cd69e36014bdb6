// DNS cookies (RFC 7873) as all servers make them (RFC 9018): who returns one is where the query says it is from.
export * from "./cookie.ts";
export * from "./siphash.ts";
