// Forward, version 1: what Fluentd, Fluent Bit and our agents send logs by. A stream of MessagePack, cut into messages (`MessagePackStream`); a message
// has a tag and entries, each a time and a record, in one of four modes (`readForwardMessage`, `unpackEntries`); a handshake proves both sides
// (`handshake.ts`, `digest.ts`); a chunk is acknowledged when it is stored (`encodeAck`). The codec is our own: @msgpack/msgpack makes arrays of
// whatever size a header claims, and has no limit of depth; the tests hold ours against it.
// For Node only: the console has no business here.
export * from "./digest.ts";
export * from "./entry.ts";
export * from "./event-time.ts";
export * from "./handshake.ts";
export * from "./message.ts";
export * from "./message-pack-error.ts";
export * from "./message-pack-reader.ts";
export * from "./message-pack-stream.ts";
export * from "./message-pack-writer.ts";
export * from "./unpack-entries.ts";
