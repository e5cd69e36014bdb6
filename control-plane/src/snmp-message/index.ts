// Messages of SNMP from the side that is asked and told (RFC 3416, RFC 3417; version 3: RFC 3412, RFC 3414, RFC 3826, RFC 7860). The package net-snmp is a
// manager; what it has for receivers answers informs before anybody has kept them, believes clocks, and holds no two users of one name. Here reading and
// writing are pure functions over octets, an engine is an id and two clocks, and whoever listens decides when an answer goes out.
export * from "./ber-reader.ts";
export * from "./datagram-socket.ts";
export * from "./engine.ts";
export * from "./message.ts";
export * from "./pdu.ts";
export * from "./snmp-user.ts";
export * from "./source-rate.ts";
export * from "./user-security.ts";
export * from "./varbind.ts";
