import type { MetricLabels } from "@mycloud/protocol/exposition";
import { hasEnded, type WrittenSample, writtenLabels } from "./series.ts";

// prometheus.WriteRequest of remote write 1.0: repeated TimeSeries timeseries = 1; TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; },
// Label { string name = 1; string value = 2; }, Sample { double value = 1; int64 timestamp = 2; }. Two encoded requests, one behind the other, are one
// request with the series of both.
const fieldTimeSeries = 0x0a;
const fieldLabels = 0x0a;
const fieldSamples = 0x12;
const fieldName = 0x0a;
const fieldValue = 0x12;
const fieldSampleValue = 0x09;
const fieldSampleTimestamp = 0x10;

/** Prometheus' StaleNaN (model/value/value.go). */
export const staleBits = 0x7ff0_0000_0000_0002n;

/** Encodes samples, each as a series with one sample, in their order; `added` are labels for those that have none of that name. */
export function encodeSamples(samples: readonly WrittenSample[], added: MetricLabels): Buffer {
  const texts = new EncodedTexts();
  const parts: Uint8Array[] = [];
  for (const sample of samples) {
    const first = parts.push(nothing) - 1;
    let length = 0;
    for (const [name, value] of writtenLabels(sample, added)) {
      const label = texts.label(name, value);
      length += label.length;
      parts.push(label);
    }
    const timestamp = texts.timestamp(Math.round(sample.atMs));
    const sampleBytes = 9 + timestamp.length;
    const ownLength = length + 1 + varintLength(sampleBytes) + sampleBytes;
    parts[first] = head(fieldTimeSeries, ownLength);
    parts.push(head(fieldSamples, sampleBytes), encodeValue(sample.value), timestamp);
  }
  return Buffer.concat(parts);
}

const nothing = new Uint8Array(0);

/** What occurs in many series of one request, encoded once: the samples of a host have most of their labels in common, and their time. */
class EncodedTexts {
  readonly #labels = new Map<string, Map<string, Buffer>>();
  readonly #timestamps = new Map<number, Buffer>();

  label(name: string, value: string): Buffer {
    let values = this.#labels.get(name);
    if (values === undefined) {
      values = new Map();
      this.#labels.set(name, values);
    }
    let label = values.get(value);
    if (label === undefined) {
      label = encodeLabel(name, value);
      values.set(value, label);
    }
    return label;
  }

  timestamp(atMs: number): Buffer {
    let timestamp = this.#timestamps.get(atMs);
    if (timestamp === undefined) {
      const bits = BigInt.asUintN(64, BigInt(atMs));
      timestamp = Buffer.allocUnsafe(1 + bigVarintLength(bits));
      timestamp[0] = fieldSampleTimestamp;
      writeBigVarint(timestamp, bits, 1);
      this.#timestamps.set(atMs, timestamp);
    }
    return timestamp;
  }
}

function encodeLabel(name: string, value: string): Buffer {
  const nameBytes = Buffer.byteLength(name);
  const valueBytes = Buffer.byteLength(value);
  const length = 2 + varintLength(nameBytes) + nameBytes + varintLength(valueBytes) + valueBytes;
  const bytes = Buffer.allocUnsafe(1 + varintLength(length) + length);
  bytes[0] = fieldLabels;
  let at = writeVarint(bytes, length, 1);
  bytes[at++] = fieldName;
  at = writeVarint(bytes, nameBytes, at);
  at += bytes.write(name, at, "utf8");
  bytes[at++] = fieldValue;
  at = writeVarint(bytes, valueBytes, at);
  bytes.write(value, at, "utf8");
  return bytes;
}

function encodeValue(value: WrittenSample["value"]): Buffer {
  const bytes = Buffer.allocUnsafe(9);
  bytes[0] = fieldSampleValue;
  // JavaScript keeps no bits of a NaN: this one is written by its bits.
  if (value === hasEnded) bytes.writeBigUInt64LE(staleBits, 1);
  else bytes.writeDoubleLE(value, 1);
  return bytes;
}

/** Cuts an encoded request into its series, as they stand there. Throws Error when it is none. */
export function splitSeries(request: Uint8Array): Uint8Array[] {
  const series: Uint8Array[] = [];
  for (let at = 0; at < request.length; ) {
    const start = at;
    if (request[at++] !== fieldTimeSeries) throw new Error(`byte ${start} begins no series`);
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = request[at++];
      if (byte === undefined || shift > 28) throw new Error(`byte ${start} begins a series without a length`);
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if (at + length > request.length) throw new Error(`the series at byte ${start} is cut off`);
    at += length;
    series.push(request.subarray(start, at));
  }
  return series;
}

function head(field: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(1 + varintLength(length));
  bytes[0] = field;
  writeVarint(bytes, length, 1);
  return bytes;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

function writeVarint(bytes: Buffer, value: number, from: number): number {
  let at = from;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
  bytes[at++] = rest;
  return at;
}

function bigVarintLength(value: bigint): number {
  let length = 1;
  for (let rest = value; rest >= 0x80n; rest >>= 7n) length++;
  return length;
}

function writeBigVarint(bytes: Buffer, value: bigint, from: number): number {
  let at = from;
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes[at++] = Number(rest & 0x7fn) | 0x80;
  bytes[at++] = Number(rest);
  return at;
}
