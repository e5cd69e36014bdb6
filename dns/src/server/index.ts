// Sockets: packets by UDP, messages by TCP and TLS. What they are answered with is none of their business: that is a MessageHandler's.
export * from "./address-octets.ts";
export * from "./clock.ts";
export * from "./message-handler.ts";
export * from "./stream-listener.ts";
export * from "./udp-listener.ts";
