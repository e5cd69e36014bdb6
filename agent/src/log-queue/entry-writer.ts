import { eventTimeOf, MessagePackWriter } from "@mycloud/protocol/fluent-forward";
import type { LogFields } from "@mycloud/protocol/log-record";

/** A record on its way: flat, as Forward's receivers expect it. Fields that are called as its own parts are left out. */
export interface LogEntry {
  /** Microseconds since 1970, UTC. */
  readonly timeUs: number;
  readonly message: string;
  readonly service: string;
  readonly severity: string | null;
  readonly facility: string | null;
  readonly fields: LogFields;
}

/** Entries as bytes, one behind another. */
export interface EntryWriter {
  write(entry: LogEntry): void;
  /** What was written; good until the next write. */
  bytes(): Buffer;
  clear(): void;
}

/** Writers that are used again, by whoever has something to write just now. */
export interface EntryWriters {
  /** An empty one; it is the caller's until `release`. */
  take(): EntryWriter;
  release(writer: EntryWriter): void;
}

/** So many are kept: each has grown to the size of a batch. */
const keptWriters = 2;

/** Makes writers as they are needed. */
export function createEntryWriters(): EntryWriters {
  const free: EntryWriter[] = [];
  return {
    take() {
      const writer = free.pop() ?? createEntryWriter();
      writer.clear();
      return writer;
    },
    release(writer) {
      if (free.length < keptWriters) free.push(writer);
    },
  };
}

const ownNames = new Set(["message", "service", "severity", "facility"]);
/** Names of fields are few and come again and again: each is encoded once. */
const maximumKnownNames = 1_000;

/** Writes entries as `[EventTime, {...}]` into one buffer that grows. */
export function createEntryWriter(): EntryWriter {
  const writer = new MessagePackWriter();
  const names = new Map<string, Buffer>();

  function name(text: string): void {
    let known = names.get(text);
    if (known === undefined) {
      const one = new MessagePackWriter(text.length * 3 + 8);
      one.text(text);
      known = one.take();
      if (names.size >= maximumKnownNames) names.clear();
      names.set(text, known);
    }
    writer.raw(known);
  }

  return {
    write({ timeUs, message, service, severity, facility, fields }) {
      let size = 2 + (severity === null ? 0 : 1) + (facility === null ? 0 : 1);
      for (const field in fields) if (!ownNames.has(field)) size++;
      writer.array(2);
      writer.eventTime(eventTimeOf(timeUs));
      writer.map(size);
      name("message");
      writer.text(message);
      name("service");
      writer.text(service);
      if (severity !== null) {
        name("severity");
        name(severity);
      }
      if (facility !== null) {
        name("facility");
        name(facility);
      }
      for (const field in fields) {
        if (ownNames.has(field)) continue;
        const value = fields[field];
        name(field);
        if (typeof value === "string") writer.text(value);
        else if (typeof value === "number") writer.number(value);
        else writer.boolean(value === true);
      }
    },
    bytes: () => writer.view(),
    clear: () => writer.clear(),
  };
}
