import type { DatabaseSync } from "node:sqlite";
import { noSeverity } from "../batch-codec.ts";

/** Severities and none of them. */
const severities = noSeverity + 1;

interface ShapeCount {
  readonly shape: number;
  readonly stream: number;
  count: number;
  readonly firstId: number;
  lastId: number;
  severity: number;
}

interface StreamSize {
  records: number;
  bytes: number;
}

/** What a transaction adds to a day's counters, gathered, so that each is written once. */
export interface DayCounts {
  /** Of one record. They are added in the order of their rows: what was gathered of a minute is written when the next one begins. */
  add(rowId: number, minute: number, stream: number, severity: number, shape: number, bytes: number): void;
  /** Writes the rest and begins anew. */
  save(): void;
}

/** More shapes of a day than these are counted together, as shape 0. */
export const maximumShapes = 20_000;

export function createDayCounts(database: DatabaseSync): DayCounts {
  const saveMinute = database.prepare(
    `insert into minute_count (minute, stream, severity, count) values (?, ?, ?, ?)
     on conflict do update set count = count + excluded.count`,
  );
  const saveShape = database.prepare(
    `insert into shape_count (hour, shape, stream, count, first_id, last_id, severity) values (?, ?, ?, ?, ?, ?, ?)
     on conflict do update set count = count + excluded.count, first_id = min(first_id, excluded.first_id),
       last_id = max(last_id, excluded.last_id), severity = min(severity, excluded.severity)`,
  );
  const saveStream = database.prepare("update stream set records = records + ?, bytes = bytes + ? where id = ?");
  /** By `stream * severities + severity`. */
  const ofMinute = new Map<number, number>();
  /** By `stream * (maximumShapes + 1) + shape`: whole numbers that fit 32 bits are found quickest. */
  const ofHour = new Map<number, ShapeCount>();
  const streams = new Map<number, StreamSize>();
  let minute = -1;
  let hour = -1;

  function saveMinutes(): void {
    const ofAll = new Float64Array(severities);
    for (const [key, count] of ofMinute) {
      const severity = key % severities;
      ofAll[severity] = (ofAll[severity] ?? 0) + count;
      saveMinute.get(minute, (key - severity) / severities, severity, count);
    }
    for (const [severity, count] of ofAll.entries()) if (count > 0) saveMinute.get(minute, 0, severity, count);
    ofMinute.clear();
  }

  function saveShapes(): void {
    for (const { shape, stream, count, firstId, lastId, severity } of ofHour.values()) {
      saveShape.get(hour, shape, stream, count, firstId, lastId, severity);
    }
    ofHour.clear();
  }

  return {
    add(rowId, itsMinute, stream, severity, shape, bytes) {
      if (itsMinute !== minute) {
        saveMinutes();
        minute = itsMinute;
        const itsHour = Math.floor(minute / 60);
        if (itsHour !== hour) {
          saveShapes();
          hour = itsHour;
        }
      }
      const place = stream * severities + severity;
      ofMinute.set(place, (ofMinute.get(place) ?? 0) + 1);
      const key = stream * (maximumShapes + 1) + shape;
      const counted = ofHour.get(key);
      if (counted === undefined) ofHour.set(key, { shape, stream, count: 1, firstId: rowId, lastId: rowId, severity });
      else {
        counted.count += 1;
        counted.lastId = Math.max(counted.lastId, rowId);
        if (severity < counted.severity) counted.severity = severity;
      }
      const size = streams.get(stream);
      if (size === undefined) streams.set(stream, { records: 1, bytes });
      else {
        size.records += 1;
        size.bytes += bytes;
      }
    },
    save() {
      saveMinutes();
      saveShapes();
      for (const [stream, { records, bytes }] of streams) saveStream.get(records, bytes, stream);
      streams.clear();
    },
  };
}

/** As counters have it: `noSeverity` for none. Pure. */
export function countedSeverity(severity: number): number {
  return Math.min(severity, noSeverity);
}
