import { logFacilities, logSeverities } from "@mycloud/protocol/log-record";
import type { LogBatch, NewLogRecord } from "../log-store.ts";
import { splitMessage } from "../pattern/mask-message.ts";
import { addressWords } from "./address-token.ts";
import { createBatchShapes, type ShapeWords } from "./batch-shapes.ts";
import { fieldTokens } from "./field-token.ts";

/** No severity, no facility. */
export const noSeverity = 8;
export const noFacility = 255;

/** What records have in common that come from one program of one host through one source. */
export interface LogStream {
  readonly host: string;
  readonly hostId: number | null;
  readonly customer: string | null;
  readonly source: string;
  readonly service: string;
}

/**
 * A batch by columns: a thread is handed some buffers and two long strings, which costs a tenth of what thousands of objects do. All arrays have an
 * entry for each record.
 */
export interface EncodedBatch {
  readonly chunk: { readonly sender: string; readonly id: string } | null;
  readonly receivedAtMs: number;
  readonly timesUs: Float64Array<ArrayBuffer>;
  readonly streams: readonly LogStream[];
  /** Into `streams`. */
  readonly streamOf: Uint32Array<ArrayBuffer>;
  readonly severities: Uint8Array<ArrayBuffer>;
  readonly facilities: Uint8Array<ArrayBuffer>;
  /** All messages, one behind the other; where each ends. */
  readonly messages: string;
  readonly messageEnds: Uint32Array<ArrayBuffer>;
  /** JSON objects, or nothing where a record has no fields. */
  readonly fields: string;
  readonly fieldEnds: Uint32Array<ArrayBuffer>;
  /** A record's fields, then its addresses, as words of the index. What can be made here is: the thread that writes has enough to do. */
  readonly words: string;
  readonly wordEnds: Uint32Array<ArrayBuffer>;
  /** Two numbers for each record: the hash and the other hash of its message's shape. */
  readonly shapes: Int32Array<ArrayBuffer>;
  readonly shapeWords: readonly ShapeWords[];
}

const severityNumbers = new Map(logSeverities.map((word, number) => [word, number]));
const facilityNumbers = new Map(logFacilities.map((word, number) => [word, number]));

/** Pure. */
export function encodeBatch(batch: LogBatch): EncodedBatch {
  const { records } = batch;
  const count = records.length;
  const timesUs = new Float64Array(count);
  const streamOf = new Uint32Array(count);
  const severities = new Uint8Array(count);
  const facilities = new Uint8Array(count);
  const messageEnds = new Uint32Array(count);
  const fieldEnds = new Uint32Array(count);
  const wordEnds = new Uint32Array(count);
  const shapes = new Int32Array(2 * count);
  const batchShapes = createBatchShapes();
  const streams: LogStream[] = [];
  const known = new Map<string, number>();
  const messages: string[] = [];
  const fields: string[] = [];
  const words: string[] = [];
  let messageEnd = 0;
  let fieldEnd = 0;
  let wordEnd = 0;
  let last: NewLogRecord | undefined;
  let stream = 0;
  for (let index = 0; index < count; index += 1) {
    const record = records[index];
    if (record === undefined) break;
    timesUs[index] = record.timeUs;
    // A chunk is mostly of one source.
    if (last === undefined || !isSameStream(record, last)) stream = streamNumber(record, streams, known);
    last = record;
    streamOf[index] = stream;
    severities[index] = record.severity === null ? noSeverity : (severityNumbers.get(record.severity) ?? noSeverity);
    facilities[index] = record.facility === null ? noFacility : (facilityNumbers.get(record.facility) ?? noFacility);
    messages.push(record.message);
    messageEnd += record.message.length;
    messageEnds[index] = messageEnd;
    if (hasFields(record.fields)) {
      const json = JSON.stringify(record.fields);
      fields.push(json);
      fieldEnd += json.length;
      const tokens = fieldTokens(record.fields);
      words.push(tokens);
      wordEnd += tokens.length;
    }
    fieldEnds[index] = fieldEnd;
    const addresses = addressWords(record.message);
    if (addresses !== "") {
      words.push(addresses);
      wordEnd += addresses.length;
    }
    wordEnds[index] = wordEnd;
    const shape = splitMessage(record.message);
    shapes[2 * index] = shape.hash;
    shapes[2 * index + 1] = shape.otherHash;
    batchShapes.add(shape);
  }
  return {
    chunk: batch.chunk,
    receivedAtMs: batch.receivedAtMs,
    timesUs,
    streams,
    streamOf,
    severities,
    facilities,
    messages: messages.join(""),
    messageEnds,
    fields: fields.join(""),
    fieldEnds,
    words: words.join(""),
    wordEnds,
    shapes,
    shapeWords: batchShapes.list(),
  };
}

/** For `postMessage`: what is handed over instead of copied. */
export function buffersOf(batch: EncodedBatch): ArrayBuffer[] {
  const { timesUs, streamOf, severities, facilities, messageEnds, fieldEnds, wordEnds, shapes } = batch;
  const ends = [messageEnds, fieldEnds, wordEnds];
  return [timesUs, streamOf, severities, facilities, ...ends, shapes].map(({ buffer }) => buffer);
}

/** The texts of a record: a batch's string from where the one before ends. */
export function textOf(texts: string, ends: Uint32Array, index: number): string {
  return texts.slice(ends[index - 1] ?? 0, ends[index]);
}

function isSameStream(one: LogStream, other: LogStream): boolean {
  return (
    one.host === other.host &&
    one.service === other.service &&
    one.source === other.source &&
    one.hostId === other.hostId &&
    one.customer === other.customer
  );
}

function streamNumber(record: LogStream, streams: LogStream[], known: Map<string, number>): number {
  const { host, hostId, customer, source, service } = record;
  const key = `${host}\n${hostId}\n${customer}\n${source}\n${service}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const number = streams.push({ host, hostId, customer, source, service }) - 1;
  known.set(key, number);
  return number;
}

function hasFields(fields: object): boolean {
  for (const _ in fields) return true;
  return false;
}

/** Characters that a batch keeps in memory while it waits. Pure. */
export function sizeOfBatch(batch: EncodedBatch): number {
  return batch.messages.length + batch.fields.length + batch.words.length + batch.timesUs.length * 40;
}
