// Connecting to network services: open a connection, start TLS, speak a line protocol, judge a certificate, and say in
// words what went wrong. Everything stops at an AbortSignal and leaves no socket behind.
export * from "./connect.ts";
export * from "./conversation.ts";
export * from "./explain-network-error.ts";
export * from "./judge-certificate.ts";
export * from "./network-options.ts";
export * from "./secure.ts";
