import { createHash } from "node:crypto";
import {
  type LogFields,
  type LogFieldValue,
  type LogRecord,
  logFacilities,
  logSeverities,
} from "@mycloud/protocol/log-record";
import type { LogBatch, NewLogRecord } from "../log-store.ts";
import { maskMessage, patternId } from "../pattern/index.ts";
import { dayName } from "../record-id.ts";
import { wordsColumn } from "./condition-sql.ts";

const noSeverity = 8;
const noFacility = 255;

/** Where a record stands: by its time, and for those of the same microsecond by a number that nothing else has. */
export interface RowPlace {
  readonly timeUs: number;
  /** 64 bits, as decimals. */
  readonly seq: string;
}

/** As SQL answers it. */
export interface RecordRow {
  readonly time_us: string;
  readonly seq: string;
  readonly received_at_ms: string;
  readonly host: string;
  readonly host_id: string | null;
  readonly customer: string | null;
  readonly source: string;
  readonly service: string;
  readonly severity: number;
  readonly facility: number;
  readonly message: string;
  readonly names: readonly string[];
  readonly raw: readonly string[];
}

export const recordColumns =
  "time_us, seq, received_at_ms, host, host_id, customer, source, service, severity, facility, message, names, raw";

/** Columns of an insert: named, since only what is not among them gets its default. */
export const insertedColumns =
  "day, time_us, seq, received_at_ms, host, host_id, customer, source, service, severity, facility, template, pattern, chunk, message, words, names, folded, numbers, raw";

const timeDigits = 11;
const seqDigits = 13;

/** Pure. */
export function formatPlace({ timeUs, seq }: RowPlace): string {
  return timeUs.toString(36).padStart(timeDigits, "0") + BigInt(seq).toString(36).padStart(seqDigits, "0");
}

/** Null when it is no place. Pure. */
export function parsePlace(text: string): RowPlace | null {
  if (!/^[0-9a-z]{24}$/.test(text)) return null;
  const timeUs = Number.parseInt(text.slice(0, timeDigits), 36);
  let seq = 0n;
  for (const digit of text.slice(timeDigits)) seq = seq * 36n + BigInt(Number.parseInt(digit, 36));
  return Number.isSafeInteger(timeUs) && seq < 2n ** 64n ? { timeUs, seq: String(seq) } : null;
}

/** 63 bits of what names a chunk, as decimals; never 0. Pure. */
export function chunkNumber({ sender, id }: NonNullable<LogBatch["chunk"]>): string {
  const hash = createHash("sha256").update(`${sender}\0${id}`).digest().readBigUInt64BE(0);
  return String((hash >> 1n) | 1n);
}

/** A line of an insert (JSONEachRow). Pure. */
export function rowOf(
  record: NewLogRecord,
  where: {
    readonly day: number;
    readonly timeUs: number;
    readonly seq: bigint;
    readonly receivedAtMs: number;
    readonly chunk: string;
  },
  moreFields: LogFields,
): string {
  const { message } = record;
  const template = maskMessage(message);
  const fields = Object.entries({ ...record.fields, ...moreFields });
  return JSON.stringify({
    day: dayName(where.day),
    time_us: where.timeUs,
    seq: String(where.seq),
    received_at_ms: where.receivedAtMs,
    host: record.host.toWellFormed(),
    host_id: record.hostId,
    customer: record.customer,
    source: record.source.toWellFormed(),
    service: record.service.toWellFormed(),
    severity: record.severity === null ? noSeverity : logSeverities.indexOf(record.severity),
    facility: record.facility === null ? noFacility : logFacilities.indexOf(record.facility),
    template: template.toWellFormed(),
    pattern: patternId(template),
    chunk: where.chunk,
    message: message.toWellFormed(),
    words: wordsColumn(message).toWellFormed(),
    names: fields.map(([name]) => name.toWellFormed()),
    folded: fields.map(([, value]) => String(value).toLowerCase().toWellFormed()),
    numbers: fields.map(([, value]) => numberOf(value)),
    raw: fields.map(([, value]) => JSON.stringify(value)),
  });
}

/** As conditions compare it; null, which ClickHouse reads as NaN, for what is no number. */
function numberOf(value: LogFieldValue): number | null {
  if (typeof value === "boolean") return null;
  const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}

/** Pure. */
export function recordOf(row: RecordRow): LogRecord {
  const timeUs = Number(row.time_us);
  return {
    id: formatPlace({ timeUs, seq: row.seq }),
    timeUs,
    receivedAtMs: Number(row.received_at_ms),
    host: row.host,
    hostId: row.host_id === null ? null : Number(row.host_id),
    customer: row.customer,
    source: row.source,
    service: row.service,
    severity: logSeverities[row.severity] ?? null,
    facility: logFacilities[row.facility] ?? null,
    message: row.message,
    fields: Object.fromEntries(row.names.map((name, index) => [name, JSON.parse(row.raw[index] ?? '""')])),
  };
}
