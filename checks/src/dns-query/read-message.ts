import { isIP } from "node:net";
import { readName } from "./domain-name.ts";

/** A resource record's data, of the types that checks look into. */
export type DnsData =
  | { readonly kind: "NS"; readonly target: string }
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "SOA"; readonly primary: string; readonly serial: number; readonly expireSeconds: number }
  /** Expiration is seconds modulo 2^32 (RFC 4034 §3.1.5). */
  | { readonly kind: "RRSIG"; readonly covered: number; readonly expiration: number }
  | { readonly kind: "other" };

export interface DnsRecord {
  readonly name: string;
  readonly type: number;
  readonly data: DnsData;
}

export interface DnsMessage {
  readonly id: number;
  readonly isAnswer: boolean;
  readonly isAuthoritative: boolean;
  readonly isTruncated: boolean;
  readonly resultCode: number;
  readonly question: { readonly name: string; readonly type: number } | undefined;
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
  /** Seconds until a secondary stops answering, where the server tells (RFC 7314). */
  readonly expireSeconds: number | undefined;
}

const optType = 41;
/** The shortest record: the root's name, type, class, TTL, length. */
const minimumRecordOctets = 11;

/** Reads a packet of the class IN; undefined where it is cut off or no message. Answers that say TC may end early. Never throws. Pure. */
export function readMessage(packet: Buffer): DnsMessage | undefined {
  if (packet.length < 12) return undefined;
  const flags = packet.readUInt16BE(2);
  const counts = [4, 6, 8, 10].map((at) => packet.readUInt16BE(at));
  const [questions = 0, ...sections] = counts;
  if (questions > 1 || sections.reduce((sum, count) => sum + count, 0) * minimumRecordOctets > packet.length) {
    return undefined;
  }
  let at = 12;
  let question: DnsMessage["question"];
  if (questions === 1) {
    const read = readName(packet, at);
    if (read === undefined || read.end + 4 > packet.length) return undefined;
    question = { name: read.name, type: packet.readUInt16BE(read.end) };
    at = read.end + 4;
  }
  const records: DnsRecord[][] = [];
  let extendedCode = 0;
  let expireSeconds: number | undefined;
  for (const count of sections) {
    const section: DnsRecord[] = [];
    for (let index = 0; index < count; index++) {
      const owner = readName(packet, at);
      if (owner === undefined || owner.end + 10 > packet.length) return undefined;
      const type = packet.readUInt16BE(owner.end);
      const start = owner.end + 10;
      const end = start + packet.readUInt16BE(owner.end + 8);
      if (end > packet.length) return undefined;
      at = end;
      if (type === optType) {
        extendedCode = packet.readUInt8(owner.end + 4);
        expireSeconds = readExpire(packet.subarray(start, end));
        continue;
      }
      const data = readData(packet, type, start, end);
      if (data === undefined) return undefined;
      section.push({ name: owner.name, type, data });
    }
    records.push(section);
  }
  const [answers = [], authority = [], additional = []] = records;
  return {
    id: packet.readUInt16BE(0),
    isAnswer: (flags & 0x8000) !== 0,
    isAuthoritative: (flags & 0x0400) !== 0,
    isTruncated: (flags & 0x0200) !== 0,
    resultCode: (extendedCode << 4) | (flags & 0x0f),
    question,
    answers,
    authority,
    additional,
    expireSeconds,
  };
}

function readExpire(options: Buffer): number | undefined {
  let at = 0;
  while (at + 4 <= options.length) {
    const length = options.readUInt16BE(at + 2);
    if (options.readUInt16BE(at) === 9 && length === 4 && at + 8 <= options.length) return options.readUInt32BE(at + 4);
    at += 4 + length;
  }
  return undefined;
}

/** Undefined where data of a known type is not as it has to be. */
function readData(packet: Buffer, type: number, start: number, end: number): DnsData | undefined {
  switch (type) {
    case 1: {
      if (end - start !== 4) return undefined;
      return { kind: "address", address: packet.subarray(start, end).join(".") };
    }
    case 28: {
      if (end - start !== 16) return undefined;
      return { kind: "address", address: addressOf(packet.subarray(start, end)) };
    }
    case 2: {
      const target = readName(packet, start);
      return target?.end === end ? { kind: "NS", target: target.name } : undefined;
    }
    case 6: {
      const primary = readName(packet, start);
      const mailbox = primary === undefined ? undefined : readName(packet, primary.end);
      if (primary === undefined || mailbox === undefined || mailbox.end + 20 !== end) return undefined;
      return {
        kind: "SOA",
        primary: primary.name,
        serial: packet.readUInt32BE(mailbox.end),
        expireSeconds: packet.readUInt32BE(mailbox.end + 12),
      };
    }
    case 46: {
      if (end - start < 19) return undefined;
      return { kind: "RRSIG", covered: packet.readUInt16BE(start), expiration: packet.readUInt32BE(start + 8) };
    }
    default:
      return { kind: "other" };
  }
}

/** An IPv6 address as RFC 5952 writes it. */
function addressOf(octets: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => octets.readUInt16BE(index * 2).toString(16)).join(":");
  return canonicalAddress(groups);
}

/** An address as it is compared: IPv6 in its shortest form. */
export function canonicalAddress(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
