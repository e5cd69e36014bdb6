import { type ForwardEntry, readEntry, readEntryParts } from "./entry.ts";
import { MessagePackError } from "./message-pack-error.ts";
import { type MessagePackLimits, MessagePackReader, type MessagePackValue } from "./message-pack-reader.ts";
import { MessagePackWriter } from "./message-pack-writer.ts";

/** What senders say of a message. */
export interface ForwardOptions {
  /** How many entries they say it has; believed by nobody. */
  readonly size: number | null;
  /** Unique; whoever receives it answers `{"ack": chunk}` when the entries are stored. */
  readonly chunk: string | null;
  readonly compressed: "gzip" | "text" | null;
}

interface MessageOfTag {
  readonly tag: string;
  readonly options: ForwardOptions;
}

/** A message of Forward, version 1, by its mode. Packed entries are as they came; see `unpackEntries`. */
export type ForwardMessage =
  /** Nothing: the connection is still wanted. */
  | { readonly mode: "heartbeat" }
  | (MessageOfTag & { readonly mode: "message" | "forward"; readonly entries: readonly ForwardEntry[] })
  | (MessageOfTag & { readonly mode: "packed" | "compressed"; readonly packed: Uint8Array });

/** Reads one message. Throws MessagePackError for what is none. Packed entries are part of `bytes`, no copy. */
export function readForwardMessage(bytes: Uint8Array, limits?: MessagePackLimits): ForwardMessage {
  const reader = new MessagePackReader(bytes, limits);
  if (reader.kind() === "nil") return { mode: "heartbeat" };
  const size = reader.arraySize();
  if (size < 2 || size > 4) throw new MessagePackError(`an array of ${size} where a message was expected`);
  const tag = reader.text();
  switch (reader.kind()) {
    case "array":
      return { mode: "forward", tag, entries: readEntries(reader), options: readOptions(reader, size - 2) };
    case "text":
    case "binary": {
      const packed = reader.bytes();
      const options = readOptions(reader, size - 2);
      return { mode: options.compressed === "gzip" ? "compressed" : "packed", tag, packed, options };
    }
    default: {
      if (size < 3) throw new MessagePackError("a message without a record");
      const entries = [readEntryParts(reader)];
      return { mode: "message", tag, entries, options: readOptions(reader, size - 3) };
    }
  }
}

/** A message of packed entries (see `writeEntry`), ready to be sent. */
export function encodePackedForward(
  tag: string,
  packed: Uint8Array,
  options: { readonly size?: number; readonly chunk?: string; readonly compressed?: "gzip" },
): Buffer {
  const writer = new MessagePackWriter(packed.length + tag.length * 3 + 256);
  writer.array(3);
  writer.text(tag);
  writer.binary(packed);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  writer.map(given.length);
  for (const [name, value] of given) {
    writer.text(name);
    if (typeof value === "number") writer.number(value);
    else writer.text(value);
  }
  return writer.take();
}

/** What a receiver says when the entries of a chunk are stored. */
export function encodeAck(chunk: string): Buffer {
  const writer = new MessagePackWriter(chunk.length * 3 + 16);
  writer.map(1);
  writer.text("ack");
  writer.text(chunk);
  return writer.take();
}

/** The chunk that an answer acknowledges; null for other answers. Throws MessagePackError for what is no MessagePack. */
export function readAck(bytes: Uint8Array): string | null {
  const value = new MessagePackReader(bytes).value();
  return optionOf(value, "ack");
}

function readEntries(reader: MessagePackReader): ForwardEntry[] {
  const size = reader.arraySize();
  const entries: ForwardEntry[] = [];
  for (let at = 0; at < size; at += 1) entries.push(readEntry(reader));
  return entries;
}

function readOptions(reader: MessagePackReader, left: number): ForwardOptions {
  if (left > 1) throw new MessagePackError("a message with more than options at its end");
  const value = left === 0 ? null : reader.value();
  const size = isMap(value) ? value.size : null;
  const compressed = optionOf(value, "compressed");
  return {
    size: typeof size === "number" ? size : null,
    chunk: optionOf(value, "chunk"),
    compressed: compressed === "gzip" || compressed === "text" ? compressed : null,
  };
}

/** Some write their chunk as bytes. */
function optionOf(value: MessagePackValue, name: string): string | null {
  const option = isMap(value) && Object.hasOwn(value, name) ? value[name] : null;
  if (typeof option === "string") return option;
  return option instanceof Uint8Array ? Buffer.from(option).toString("utf8") : null;
}

function isMap(value: MessagePackValue): value is { [key: string]: MessagePackValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
