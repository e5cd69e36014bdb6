import type { DatabaseSync } from "node:sqlite";
import type { LogFieldValue } from "@mycloud/protocol/log-record";
import { maskMessage } from "../../pattern/mask-message.ts";
import { describeTime } from "../../place-records.ts";
import { microsecondsPerDay, slotsPerMicrosecond, timeOfRow } from "../../record-id.ts";
import { type EncodedBatch, noFacility, noSeverity } from "../batch-codec.ts";
import { openDayForWriting } from "../day-schema.ts";
import { fieldTokens, indexedText } from "../field-token.ts";
import { countedSeverity, createDayCounts } from "./day-counts.ts";
import { createDayNames } from "./day-names.ts";
import { orderRecords } from "./order-records.ts";
import { createSlots } from "./slots.ts";

/** What a record takes beside its own text, about: its row, its words in the index. */
export const rowBytes = 60;

export type ChunkKey = NonNullable<EncodedBatch["chunk"]>;

/** Some of a batch's records, all of one day. */
export interface DayPart {
  readonly batch: EncodedBatch;
  readonly indices: readonly number[] | null;
  readonly disbelieved: ReadonlyMap<number, number>;
  /** Whether this is all there is of the batch, and it was received on this day: then its chunk is done with. */
  readonly isWhole: boolean;
  /** By the batch's index; filled in here. */
  readonly rowIds: Float64Array;
}

/** The one writer of a day's file. After an error of `write` or `finishChunk` it must be closed: nothing of that call was stored. */
export interface DayWriter {
  readonly day: number;
  readonly database: DatabaseSync;
  /** `part`: this day's records of the chunk are stored; `finished`: all of the chunk's, in whatever days. */
  findChunk(chunk: ChunkKey): "part" | "finished" | null;
  /** Stores all parts in one transaction, which is on the disk when this returns. */
  write(parts: readonly DayPart[]): void;
  finishChunks(chunks: readonly ChunkKey[]): void;
  close(): void;
}

/** Opens a day's file, makes it if there is none. */
export function openDayWriter(path: string, day: number): DayWriter {
  const database = openDayForWriting(path);
  try {
    return prepareDayWriter(database, day);
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepareDayWriter(database: DatabaseSync, day: number): DayWriter {
  const names = createDayNames(database);
  const counts = createDayCounts(database);
  const slots = createSlots(database);
  const selectChunk = database.prepare("select is_finished from chunk where sender = ? and chunk = ?");
  const insertChunk = database.prepare("insert or replace into chunk (sender, chunk, is_finished) values (?, ?, ?)");
  const insertLog = database.prepare(
    `insert or ignore into log (id, stream, severity, facility, shape, delay_ms, message, fields)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertWord = database.prepare("insert into word (rowid, message, fields) values (?, ?, ?)");
  const midnightUs = day * microsecondsPerDay;

  type StreamIds = readonly ReturnType<typeof names.streamId>[];

  function inTransaction(work: () => void): void {
    database.exec("begin immediate");
    try {
      work();
      database.exec("commit");
    } catch (error) {
      rollBack(database);
      throw error;
    }
  }

  function writeRecord(part: DayPart, streams: StreamIds, index: number): void {
    const { batch, disbelieved } = part;
    const timeUs = batch.timesUs[index] ?? 0;
    const stream = streams[batch.streamOf[index] ?? 0] ?? { id: 0, isOther: false };
    const severity = batch.severities[index] ?? noSeverity;
    const facility = batch.facilities[index] ?? noFacility;
    const message = batch.messages.slice(batch.messageEnds[index - 1] ?? 0, batch.messageEnds[index]);
    let json = batch.fields.slice(batch.fieldEnds[index - 1] ?? 0, batch.fieldEnds[index]);
    const original = disbelieved.get(index);
    if (original !== undefined) json = withFields(json, { original_time: describeTime(original) });
    if (stream.isOther) {
      const { host, source, service } = batch.streams[batch.streamOf[index] ?? 0] ?? {
        host: "",
        source: "",
        service: "",
      };
      json = withFields(json, { host, source, service });
    }
    const shape = names.shapeId(maskMessage(message));
    const rowId = slots.insert(timeUs - midnightUs, (id) =>
      insertLog.run(
        id,
        stream.id,
        severity < noSeverity ? severity : null,
        facility === noFacility ? null : facility,
        shape,
        batch.receivedAtMs - Math.floor(timeOfRow(day, id) / 1000),
        message,
        json === "" ? null : json,
      ),
    );
    insertWord.run(rowId, indexedText(message), json === "" ? null : fieldTokens(JSON.parse(json)));
    part.rowIds[index] = rowId;
    const minute = Math.floor(rowId / (slotsPerMicrosecond * 60_000_000));
    counts.add(rowId, minute, stream.id, countedSeverity(severity), shape, message.length + json.length + rowBytes);
  }

  return {
    day,
    database,
    findChunk({ sender, id }) {
      const row = selectChunk.get(sender, id);
      if (row === undefined) return null;
      return row.is_finished === 1 ? "finished" : "part";
    },
    write(parts) {
      inTransaction(() => {
        const streams = parts.map(({ batch }) => batch.streams.map((stream) => names.streamId(stream)));
        const { partOf, indexOf } = orderRecords(parts);
        for (let place = 0; place < indexOf.length; place += 1) {
          const part = parts[partOf[place] ?? 0];
          if (part !== undefined) writeRecord(part, streams[partOf[place] ?? 0] ?? [], indexOf[place] ?? 0);
        }
        counts.save();
        for (const { batch, isWhole } of parts) {
          if (batch.chunk !== null) insertChunk.run(batch.chunk.sender, batch.chunk.id, isWhole ? 1 : 0);
        }
      });
    },
    finishChunks(chunks) {
      inTransaction(() => {
        for (const { sender, id } of chunks) insertChunk.run(sender, id, 1);
      });
    },
    close() {
      database.close();
    },
  };
}

/** After some errors SQLite has already rolled back by itself. */
function rollBack(database: DatabaseSync): void {
  if (database.isTransaction) database.exec("rollback");
}

function withFields(json: string, more: Readonly<Record<string, LogFieldValue>>): string {
  const written = JSON.stringify(more);
  return json === "" ? written : `${json.slice(0, -1)},${written.slice(1)}`;
}
