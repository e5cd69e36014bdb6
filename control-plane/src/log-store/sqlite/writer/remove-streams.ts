import type { LogFields } from "@mycloud/protocol/log-record";
import { slotsPerMicrosecond } from "../../record-id.ts";
import { noSeverity } from "../batch-codec.ts";
import { besideMessage } from "../beside-message.ts";
import { indexedText } from "../field-token.ts";
import { type DayWriter, rowBytes } from "./day-writer.ts";

/** Records that one transaction removes: some tens of milliseconds. */
const recordsAStep = 1_000;

interface RemoveStreams {
  /** May be opened anew between two steps. */
  readonly writer: () => DayWriter;
  readonly streams: readonly number[];
  /** Of their bytes; above 0, at most 1. */
  readonly share: number;
  readonly giveWay: () => Promise<void>;
}

interface Removed {
  records: number;
  bytes: number;
}

/** Removes the oldest records of some streams of a day, with their words and what was counted of them. */
export async function removeStreams({ writer, streams, share, giveWay }: RemoveStreams): Promise<Removed> {
  const list = JSON.stringify(streams);
  const total = Number(
    writer()
      .database.prepare("select sum(bytes) as bytes from stream where id in (select value from json_each(?))")
      .get(list)?.bytes ?? 0,
  );
  const wanted = total * share;
  const removed = { records: 0, bytes: 0 };
  let from = 0;
  while (share === 1 || removed.bytes < wanted) {
    const step = removeSome(writer(), list, from, share === 1 ? Number.POSITIVE_INFINITY : wanted - removed.bytes);
    if (step === null) break;
    removed.records += step.records;
    removed.bytes += step.bytes;
    from = step.next;
    await giveWay();
  }
  writer().database.exec("delete from minute_count where count <= 0; delete from shape_count where count <= 0");
  return removed;
}

/** One transaction's worth; null when there is nothing more. */
function removeSome(
  { database }: DayWriter,
  streams: string,
  from: number,
  atMost: number,
): (Removed & { next: number }) | null {
  const rows = database
    .prepare(
      `select id, stream, severity, shape, message, fields from log
       where id >= ? and stream in (select value from json_each(?)) order by id limit ?`,
    )
    .all(from, streams, recordsAStep);
  if (rows.length === 0) return null;
  const removed = { records: 0, bytes: 0, next: from };
  const removeWords = database.prepare("insert into word (word, rowid, message, fields) values ('delete', ?, ?, ?)");
  const removeLog = database.prepare("delete from log where id = ?");
  const countMinute = database.prepare(
    "update minute_count set count = count - 1 where minute = ? and stream in (0, ?) and severity = ?",
  );
  const countShape = database.prepare(
    "update shape_count set count = count - 1 where hour = ? and shape = ? and stream = ?",
  );
  const countStream = database.prepare("update stream set records = records - 1, bytes = bytes - ? where id = ?");
  database.exec("begin immediate");
  try {
    for (const row of rows) {
      if (removed.bytes >= atMost) break;
      const id = Number(row.id);
      const message = String(row.message);
      const json = row.fields === null ? "" : String(row.fields);
      const fields: LogFields = json === "" ? {} : JSON.parse(json);
      const bytes = message.length + json.length + rowBytes;
      const minute = Math.floor(id / (slotsPerMicrosecond * 60_000_000));
      const beside = besideMessage(fields, message);
      removeWords.run(id, indexedText(message), beside === "" ? null : beside);
      removeLog.run(id);
      countMinute.run(minute, Number(row.stream), row.severity === null ? noSeverity : Number(row.severity));
      countShape.run(Math.floor(minute / 60), Number(row.shape), Number(row.stream));
      countStream.run(bytes, Number(row.stream));
      removed.records += 1;
      removed.bytes += bytes;
      removed.next = id + 1;
    }
    database.exec("commit");
  } catch (error) {
    if (database.isTransaction) database.exec("rollback");
    throw error;
  }
  return removed;
}
