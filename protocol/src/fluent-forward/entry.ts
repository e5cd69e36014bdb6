import { type EventTime, eventTimeOf, microsecondsOf } from "./event-time.ts";
import { MessagePackError } from "./message-pack-error.ts";
import {
  EventTimeValue,
  type MessagePackLimits,
  MessagePackReader,
  type MessagePackValue,
} from "./message-pack-reader.ts";
import type { MessagePackWriter } from "./message-pack-writer.ts";

/** One record with its time: what Forward calls an entry. */
export interface ForwardEntry {
  /** Microseconds since 1970, UTC. Null where what stands there is no time. */
  readonly timeUs: number | null;
  readonly record: { readonly [key: string]: MessagePackValue };
}

/** What agents write: flat. */
export type FlatRecord = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Writes `[EventTime, map]`. Fields that are undefined are left out. */
export function writeEntry(writer: MessagePackWriter, time: EventTime | number, record: FlatRecord): void {
  writer.array(2);
  writer.eventTime(typeof time === "number" ? eventTimeOf(time) : time);
  writeFlatMap(writer, record);
}

/** Writes a map of texts, numbers and truth values. Fields that are undefined are left out. */
export function writeFlatMap(writer: MessagePackWriter, record: FlatRecord): void {
  let size = 0;
  for (const name in record) if (record[name] !== undefined) size += 1;
  writer.map(size);
  for (const name in record) {
    const value = record[name];
    if (value === undefined) continue;
    writer.text(name);
    if (typeof value === "string") writer.text(value);
    else if (typeof value === "number") writer.number(value);
    else if (typeof value === "boolean") writer.boolean(value);
    else writer.nil();
  }
}

/** Reads `[time, map]`. Throws MessagePackError for anything else. */
export function readEntry(reader: MessagePackReader): ForwardEntry {
  if (reader.arraySize() !== 2) throw new MessagePackError("an entry that is no pair of time and record");
  return readEntryParts(reader);
}

/** Reads time and map, where no array holds them. */
export function readEntryParts(reader: MessagePackReader): ForwardEntry {
  const timeUs = timeOf(reader.value());
  if (reader.kind() !== "map") throw new MessagePackError(`${reader.kind()} where a record was expected`);
  const record = reader.value();
  return { timeUs, record: isRecord(record) ? record : {} };
}

/**
 * The entries of PackedForward, one after another, as they are asked for: whoever reads many can let others run in between. Throws MessagePackError at
 * the first that cannot be read.
 */
export function* readPackedEntries(packed: Uint8Array, limits?: MessagePackLimits): Generator<ForwardEntry, void> {
  const reader = new MessagePackReader(packed, limits);
  while (!reader.isAtEnd) yield readEntry(reader);
}

function timeOf(value: MessagePackValue): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? Math.floor(value * 1_000_000) : null;
  return value instanceof EventTimeValue ? microsecondsOf(value) : null;
}

function isRecord(value: MessagePackValue): value is { [key: string]: MessagePackValue } {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof EventTimeValue)
  );
}
