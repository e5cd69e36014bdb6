// Sockets: packets by UDP, messages by TCP and TLS. What they are answered with is none of their business.
export * from "./address-octets.ts";
export * from "./stream-listener.ts";
export * from "./udp-listener.ts";
