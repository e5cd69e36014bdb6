import type { DatabaseSync } from "node:sqlite";
import { noSeverity } from "../batch-codec.ts";

/** Severities and none of them. */
const severities = 9;
const minutesPerDay = 1440;

interface ShapeCount {
  count: number;
  firstId: number;
  lastId: number;
  severity: number;
}

/** What a transaction adds to a day's counters, gathered, so that each is written once. */
export interface DayCounts {
  add(rowId: number, minute: number, stream: number, severity: number, shape: number, bytes: number): void;
  /** Writes all of it and begins anew. */
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
  let minutes = new Map<number, number>();
  let shapes = new Map<number, ShapeCount>();
  let streams = new Map<number, { records: number; bytes: number }>();

  return {
    add(rowId, minute, stream, severity, shape, bytes) {
      const place = (stream * minutesPerDay + minute) * severities + severity;
      minutes.set(place, (minutes.get(place) ?? 0) + 1);
      const hour = Math.floor(minute / 60);
      const key = (stream * 24 + hour) * (maximumShapes + 1) + shape;
      const counted = shapes.get(key);
      if (counted === undefined) shapes.set(key, { count: 1, firstId: rowId, lastId: rowId, severity });
      else {
        counted.count += 1;
        // Rows come in order.
        counted.lastId = rowId;
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
      const ofAll = new Map<number, number>();
      for (const [key, count] of minutes) {
        const inMinute = key % (minutesPerDay * severities);
        ofAll.set(inMinute, (ofAll.get(inMinute) ?? 0) + count);
      }
      for (const [key, count] of [...ofAll, ...minutes]) {
        const severity = key % severities;
        const place = (key - severity) / severities;
        saveMinute.run(place % minutesPerDay, Math.floor(place / minutesPerDay), severity, count);
      }
      for (const [key, { count, firstId, lastId, severity }] of shapes) {
        const shape = key % (maximumShapes + 1);
        const place = (key - shape) / (maximumShapes + 1);
        saveShape.run(place % 24, shape, Math.floor(place / 24), count, firstId, lastId, severity);
      }
      for (const [stream, { records, bytes }] of streams) saveStream.run(records, bytes, stream);
      minutes = new Map();
      shapes = new Map();
      streams = new Map();
    },
  };
}

/** As counters have it: `noSeverity` for none. Pure. */
export function countedSeverity(severity: number): number {
  return Math.min(severity, noSeverity);
}
