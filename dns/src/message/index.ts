// Messages on the wire (RFC 1035 §4, RFC 6891): read with every bound checked and work bounded by their length, written with compression and a limit.
export * from "./message.ts";
export * from "./message-writer.ts";
export * from "./read-message.ts";
