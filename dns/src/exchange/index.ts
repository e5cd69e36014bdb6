// Asking other servers: one message by UDP from a port of its own, or over a connection by TCP or TLS.
export * from "./exchange-datagram.ts";
export * from "./exchange-stream.ts";
