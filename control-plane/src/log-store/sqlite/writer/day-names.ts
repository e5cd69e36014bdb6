import type { DatabaseSync } from "node:sqlite";
import type { LogStream } from "../batch-codec.ts";
import { maximumShapes } from "./day-counts.ts";

/** Streams of a day; a sender that invents names gets no more. */
const maximumStreams = 100_000;
/** What stands for a name that is one too many; the record has the real one among its fields. */
const tooMany = "(too many)";

/** The numbers that a day's file has for streams and shapes. After a transaction that failed it must be made anew. */
export interface DayNames {
  /** `isOther`: there are too many, and this is the one for the rest. */
  streamId(stream: LogStream): { readonly id: number; readonly isOther: boolean };
  /** 0 when there are too many. */
  shapeId(template: string): number;
}

export function createDayNames(database: DatabaseSync): DayNames {
  const insertStream = database.prepare(
    "insert into stream (host, host_id, customer, source, service) values (?, ?, ?, ?, ?)",
  );
  const insertShape = database.prepare("insert into shape (template) values (?)");
  const streams = new Map<string, number>();
  for (const row of database.prepare("select id, host, host_id, customer, source, service from stream").iterate()) {
    streams.set(`${row.host}\n${row.host_id}\n${row.customer}\n${row.source}\n${row.service}`, Number(row.id));
  }
  const shapes = new Map<string, number>();
  for (const row of database.prepare("select id, template from shape").iterate()) {
    shapes.set(String(row.template), Number(row.id));
  }

  function idOf({ host, hostId, customer, source, service }: LogStream, isOther: boolean): number | null {
    const key = `${host}\n${hostId}\n${customer}\n${source}\n${service}`;
    const known = streams.get(key);
    if (known !== undefined) return known;
    if (streams.size >= maximumStreams && !isOther) return null;
    const id = Number(insertStream.run(host, hostId, customer, source, service).lastInsertRowid);
    streams.set(key, id);
    return id;
  }

  return {
    streamId(stream) {
      const id = idOf(stream, false);
      if (id !== null) return { id, isOther: false };
      const other = { host: tooMany, hostId: null, customer: stream.customer, source: tooMany, service: tooMany };
      return { id: idOf(other, true) ?? 0, isOther: true };
    },
    shapeId(template) {
      const known = shapes.get(template);
      if (known !== undefined) return known;
      if (shapes.size >= maximumShapes) return 0;
      const id = Number(insertShape.run(template).lastInsertRowid);
      shapes.set(template, id);
      return id;
    },
  };
}
