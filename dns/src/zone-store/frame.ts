import { crc32 } from "node:zlib";
import type { DomainName } from "../name/index.ts";
import { type ResourceRecord, recordTypes } from "../record/index.ts";
import type { ZoneStep } from "../zone/index.ts";
import { Turns } from "./turns.ts";
import type { ZoneId } from "./zone-id.ts";

/** What a zone's file consists of: `zone`, the steps before it (`past`), `begin`, `records` as often as it takes, `end`; then a `step` for each change. */
export type ZoneFrame =
  | { readonly kind: "zone"; readonly id: ZoneId }
  | { readonly kind: "past"; readonly step: ZoneStep }
  /** The whole zone begins, with its SOA record. */
  | { readonly kind: "begin"; readonly soa: ResourceRecord }
  | { readonly kind: "records"; readonly records: readonly ResourceRecord[] }
  | { readonly kind: "end"; readonly serial: number }
  | { readonly kind: "step"; readonly step: ZoneStep };

const codes = { zone: 1, past: 2, begin: 3, records: 4, end: 5, step: 6 } as const satisfies Record<
  ZoneFrame["kind"],
  number
>;
/** Length and checksum. */
const headOctets = 8;

/** A frame as octets: length, CRC-32, code, content; numbers big-endian. */
export function encodeFrame(frame: ZoneFrame): Buffer {
  const writer = new FrameWriter(sizeOf(frame));
  writer.u8(codes[frame.kind]);
  switch (frame.kind) {
    case "zone":
      writer.text(frame.id.apex, "latin1");
      writer.u8(frame.id.view === null ? 0 : 1);
      writer.text(frame.id.view ?? "", "utf8");
      break;
    case "begin":
      writer.records([frame.soa]);
      break;
    case "records":
      writer.records(frame.records);
      break;
    case "end":
      writer.u32(frame.serial);
      break;
    default:
      writer.u32(frame.step.fromSerial);
      writer.u32(frame.step.toSerial);
      writer.records(frame.step.removed);
      writer.records(frame.step.added);
  }
  return writer.finish();
}

function sizeOf(frame: ZoneFrame): number {
  switch (frame.kind) {
    case "zone":
      return 6 + frame.id.apex.length + 3 * (frame.id.view?.length ?? 0);
    case "begin":
      return 1 + sizeOfRecords([frame.soa]);
    case "records":
      return 1 + sizeOfRecords(frame.records);
    case "end":
      return 5;
    default:
      return 9 + sizeOfRecords(frame.step.removed) + sizeOfRecords(frame.step.added);
  }
}

function sizeOfRecords(records: readonly ResourceRecord[]): number {
  let size = 4;
  for (const { name, rdata } of records) size += 9 + name.length + rdata.length;
  return size;
}

class FrameWriter {
  readonly #octets: Buffer;
  #at = headOctets;

  constructor(size: number) {
    this.#octets = Buffer.allocUnsafe(headOctets + size);
  }

  u8(value: number): void {
    this.#at = this.#octets.writeUInt8(value, this.#at);
  }

  u32(value: number): void {
    this.#at = this.#octets.writeUInt32BE(value, this.#at);
  }

  text(value: string, encoding: "latin1" | "utf8"): void {
    const length = this.#octets.write(value, this.#at + 2, encoding);
    this.#octets.writeUInt16BE(length, this.#at);
    this.#at += 2 + length;
  }

  records(records: readonly ResourceRecord[]): void {
    const octets = this.#octets;
    this.u32(records.length);
    for (const { name, type, ttl, rdata } of records) {
      this.#at = octets.writeUInt8(name.length, this.#at);
      this.#at += octets.write(name, this.#at, "latin1");
      this.#at = octets.writeUInt16BE(type, this.#at);
      this.#at = octets.writeUInt32BE(ttl, this.#at);
      this.#at = octets.writeUInt16BE(rdata.length, this.#at);
      this.#at += octets.write(rdata, this.#at, "latin1");
    }
  }

  finish(): Buffer {
    const octets = this.#octets.subarray(0, this.#at);
    octets.writeUInt32BE(this.#at - headOctets, 0);
    octets.writeUInt32BE(crc32(octets.subarray(headOctets)), 4);
    return octets;
  }
}

/** One frame as it lies in a file. */
interface RawFrame {
  readonly kind: ZoneFrame["kind"];
  readonly content: Buffer;
  /** Octets up to and with this frame. */
  readonly end: number;
}

const kinds = new Map<number, ZoneFrame["kind"]>(
  Object.entries(codes).map(([kind, code]) => [code, kind as ZoneFrame["kind"]]),
);

/** The frames in front of anything that is torn, changed or unknown, their content not looked at but for its checksum. */
function* rawFrames(octets: Buffer): Generator<RawFrame> {
  let at = 0;
  while (at + headOctets <= octets.length) {
    const end = at + headOctets + octets.readUInt32BE(at);
    if (end > octets.length || end === at + headOctets) return;
    const content = octets.subarray(at + headOctets, end);
    const kind = kinds.get(content[0] ?? 0);
    if (kind === undefined || crc32(content) !== octets.readUInt32BE(at + 4)) return;
    yield { kind, content, end };
    at = end;
  }
}

/** The frames in front of anything that is torn, changed or unknown. */
export function* decodeFrames(octets: Buffer): Generator<ZoneFrame> {
  for (const { content } of rawFrames(octets)) yield decode(content);
}

/** What is in a file, without its records being read. */
export interface FileSummary {
  readonly id: ZoneId;
  /** Its SOA record after the last step. */
  readonly soa: ResourceRecord;
  /** Octets of the whole zone, and with the steps behind it. What follows is torn. */
  readonly baseOctets: number;
  readonly octets: number;
}

/** Undefined where no whole zone is in the octets. Lets others have their turn every few milliseconds. */
export async function summariseFrames(octets: Buffer): Promise<FileSummary | undefined> {
  const turns = new Turns();
  let id: ZoneId | undefined;
  let soa: ResourceRecord | undefined;
  let baseOctets = 0;
  let length = 0;
  for (const { kind, content, end } of rawFrames(octets)) {
    length = end;
    if (kind === "end") baseOctets = end;
    if (turns.areOver) await turns.next();
    if (kind === "records" || kind === "past") continue;
    const frame = decode(content);
    if (frame.kind === "zone") id = frame.id;
    if (frame.kind === "begin") soa = frame.soa;
    if (frame.kind === "step") soa = soaOf(frame.step.added) ?? soa;
  }
  return id === undefined || soa === undefined || baseOctets === 0
    ? undefined
    : { id, soa, baseOctets, octets: length };
}

/** The SOA record among records. */
export function soaOf(records: readonly ResourceRecord[]): ResourceRecord | undefined {
  return records.find(({ type }) => type === recordTypes.SOA);
}

function decode(content: Buffer): ZoneFrame {
  const reader = new ContentReader(content);
  const kind = kinds.get(reader.u8());
  switch (kind) {
    case "zone": {
      const apex = reader.text("latin1") as DomainName;
      const hasView = reader.u8() === 1;
      const view = reader.text("utf8");
      return { kind, id: { apex, view: hasView ? view : null } };
    }
    case "begin": {
      const [soa] = reader.records();
      if (soa === undefined) throw new RangeError("a zone begins without a SOA record");
      return { kind, soa };
    }
    case "records":
      return { kind, records: reader.records() };
    case "end":
      return { kind, serial: reader.u32() };
    case "past":
    case "step":
      return { kind, step: reader.step() };
    default:
      throw new RangeError("a frame of no known kind");
  }
}

/** Reads what a checksum vouches for: lengths in it are right. */
class ContentReader {
  readonly #octets: Buffer;
  #at = 0;

  constructor(octets: Buffer) {
    this.#octets = octets;
  }

  u8(): number {
    return this.#octets.readUInt8(this.#at++);
  }

  u16(): number {
    this.#at += 2;
    return this.#octets.readUInt16BE(this.#at - 2);
  }

  u32(): number {
    this.#at += 4;
    return this.#octets.readUInt32BE(this.#at - 4);
  }

  text(encoding: "latin1" | "utf8", length = this.u16()): string {
    this.#at += length;
    return this.#octets.toString(encoding, this.#at - length, this.#at);
  }

  records(): ResourceRecord[] {
    const count = this.u32();
    const records: ResourceRecord[] = [];
    for (let index = 0; index < count; index += 1) {
      const name = this.text("latin1", this.u8()) as DomainName;
      const [type, ttl] = [this.u16(), this.u32()];
      records.push({ name, type, ttl, rdata: this.text("latin1") });
    }
    return records;
  }

  step(): ZoneStep {
    const [fromSerial, toSerial] = [this.u32(), this.u32()];
    return { fromSerial, toSerial, removed: this.records(), added: this.records() };
  }
}
