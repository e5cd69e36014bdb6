// Zone transfers (RFC 5936, RFC 1995) without connections: a zone or its last steps as messages, and messages put together to a zone or steps again.
export * from "./receive-transfer.ts";
export * from "./send-transfer.ts";
