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
  const parts: Buffer[] = [];
  for (const sample of samples) {
    const body = encodeSeries(sample, added);
    parts.push(head(fieldTimeSeries, body.length), body);
  }
  return Buffer.concat(parts);
}

function encodeSeries(sample: WrittenSample, added: MetricLabels): Buffer {
  const labels = writtenLabels(sample, added);
  let length = 0;
  const sizes: number[] = [];
  for (const [name, value] of labels) {
    const nameBytes = Buffer.byteLength(name);
    const valueBytes = Buffer.byteLength(value);
    const body = 2 + varintLength(nameBytes) + nameBytes + varintLength(valueBytes) + valueBytes;
    sizes.push(nameBytes, valueBytes, body);
    length += 1 + varintLength(body) + body;
  }
  const timestamp = BigInt.asUintN(64, BigInt(Math.round(sample.atMs)));
  const sampleBytes = 9 + 1 + bigVarintLength(timestamp);
  length += 1 + varintLength(sampleBytes) + sampleBytes;
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const [index, [name, value]] of labels.entries()) {
    const [nameBytes = 0, valueBytes = 0, body = 0] = sizes.slice(3 * index, 3 * index + 3);
    bytes[at++] = fieldLabels;
    at = writeVarint(bytes, body, at);
    bytes[at++] = fieldName;
    at = writeVarint(bytes, nameBytes, at);
    at += bytes.write(name, at, "utf8");
    bytes[at++] = fieldValue;
    at = writeVarint(bytes, valueBytes, at);
    at += bytes.write(value, at, "utf8");
  }
  bytes[at++] = fieldSamples;
  at = writeVarint(bytes, sampleBytes, at);
  bytes[at++] = fieldSampleValue;
  // JavaScript keeps no bits of a NaN: this one is written by its bits.
  at = sample.value === hasEnded ? bytes.writeBigUInt64LE(staleBits, at) : bytes.writeDoubleLE(sample.value, at);
  bytes[at++] = fieldSampleTimestamp;
  writeBigVarint(bytes, timestamp, at);
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
