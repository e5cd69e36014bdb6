import type { DatabaseSync } from "node:sqlite";
import type { LogFieldValue } from "@mycloud/protocol/log-record";
import { describeTime } from "../../place-records.ts";
import { microsecondsPerDay, slotsPerMicrosecond, timeOfRow } from "../../record-id.ts";
import { type EncodedBatch, noFacility, noSeverity, textOf } from "../batch-codec.ts";
import { besideMessage } from "../beside-message.ts";
import { openDayForWriting } from "../day-schema.ts";
import { indexedText, isPlain } from "../field-token.ts";
import { countedSeverity, createDayCounts } from "./day-counts.ts";
import { createDayNames } from "./day-names.ts";
import { orderRecords } from "./order-records.ts";
import { createSlots } from "./slots.ts";

/** What a record takes beside its own text, about: its row, its words in the index. */
export const rowBytes = 60;

const rowsPerMinute = slotsPerMicrosecond * 60_000_000;

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

/** A part, and what is the same for all of its records. */
interface Prepared {
  readonly part: DayPart;
  readonly streams: readonly { readonly id: number; readonly isOther: boolean }[];
  /** Whether messages are indexed as they are. */
  readonly isText: boolean;
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

  function writeRecord({ part, streams, isText }: Prepared, index: number): void {
    const { batch } = part;
    const timeUs = batch.timesUs[index] ?? 0;
    const stream = streams[batch.streamOf[index] ?? 0] ?? { id: 0, isOther: false };
    const severity = batch.severities[index] ?? noSeverity;
    const facility = batch.facilities[index] ?? noFacility;
    const message = textOf(batch.messages, batch.messageEnds, index);
    const { json, words } = fieldsOf(part, stream.isOther, index, message);
    const shape = names.shapeId(batch.shapes[2 * index] ?? 0, batch.shapes[2 * index + 1] ?? 0, message);
    const severityOrNull = severity < noSeverity ? severity : null;
    const facilityOrNull = facility === noFacility ? null : facility;
    const jsonOrNull = json === "" ? null : json;
    const rowId = slots.insert(timeUs - midnightUs, (id, isFree) => {
      const delayMs = batch.receivedAtMs - Math.floor(timeOfRow(day, id) / 1000);
      if (!isFree) {
        return (
          insertLog.run(id, stream.id, severityOrNull, facilityOrNull, shape, delayMs, message, jsonOrNull).changes ===
          1
        );
      }
      // As `run`, without an object that says how it went: that takes as long as the row.
      insertLog.get(id, stream.id, severityOrNull, facilityOrNull, shape, delayMs, message, jsonOrNull);
      return true;
    });
    insertWord.get(rowId, isText ? message : indexedText(message), words === "" ? null : words);
    part.rowIds[index] = rowId;
    const minute = Math.floor(rowId / rowsPerMinute);
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
        const prepared = parts.map((part): Prepared => {
          const { streams, messages } = part.batch;
          return { part, streams: streams.map((stream) => names.streamId(stream)), isText: isPlain(messages) };
        });
        const { partOf, indexOf } = orderRecords(parts);
        for (let place = 0; place < indexOf.length; place += 1) {
          const from = prepared[partOf[place] ?? 0];
          if (from !== undefined) writeRecord(from, indexOf[place] ?? 0);
        }
        counts.save();
        for (const { batch, isWhole } of parts) {
          for (const words of batch.shapeWords) names.noteWords(words);
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

/** Fields as they are stored, with what the store itself has to say of the record, and what the index has of it beside its message. */
function fieldsOf(
  { batch, disbelieved }: DayPart,
  isOther: boolean,
  index: number,
  message: string,
): { json: string; words: string } {
  const json = textOf(batch.fields, batch.fieldEnds, index);
  const original = disbelieved.size === 0 ? undefined : disbelieved.get(index);
  if (original === undefined && !isOther) {
    return { json, words: textOf(batch.words, batch.wordEnds, index) };
  }
  const more: Record<string, LogFieldValue> = isOther ? namesOf(batch, index) : {};
  if (original !== undefined) more.original_time = describeTime(original);
  const extended = withFields(json, more);
  return { json: extended, words: besideMessage(JSON.parse(extended), message) };
}

/** What the record has as its own names, where its stream is the one for the rest. */
function namesOf(batch: EncodedBatch, index: number): { host: string; source: string; service: string } {
  const stream = batch.streams[batch.streamOf[index] ?? 0];
  return { host: stream?.host ?? "", source: stream?.source ?? "", service: stream?.service ?? "" };
}

/** After some errors SQLite has already rolled back by itself. */
function rollBack(database: DatabaseSync): void {
  if (database.isTransaction) database.exec("rollback");
}

function withFields(json: string, more: Readonly<Record<string, LogFieldValue>>): string {
  const written = JSON.stringify(more);
  return json === "" ? written : `${json.slice(0, -1)},${written.slice(1)}`;
}
