import { type DomainName, lowerName, rootName } from "../name/index.ts";
import { OctetReader } from "./octet-reader.ts";
import { OctetWriter } from "./octet-writer.ts";
import { RecordDataError } from "./record-data-error.ts";
import { fieldsOf } from "./record-fields.ts";
import { formatRecordType, recordTypes } from "./record-type.ts";
import type { Octets } from "./resource-record.ts";
import type { Token } from "./token.ts";
import { TokenSource } from "./token-source.ts";

/** Octets of the longest record data: its length is 16 bits (RFC 1035 §3.2.1). */
const maximumOctets = 65_535;

/** Record data from its words, from index `at` on: by its type's fields, or as `\# LENGTH HEX` (RFC 3597 §5). Throws RecordDataError. */
export function parseRecordData(type: number, tokens: readonly Token[], origin: DomainName = rootName, at = 0): Octets {
  const typeName = formatRecordType(type);
  const source = new TokenSource(tokens, typeName, at);
  const fields = fieldsOf(type);
  const first = tokens[at];
  if (first !== undefined && !first.isQuoted && first.text === "\\#") return parseGeneric(type, source);
  if (fields === undefined) {
    throw new RecordDataError(
      `${typeName} has no form of its own here: expected \\#, the number of octets, and these in hexadecimal`,
    );
  }
  const out = new OctetWriter();
  for (const field of fields) field.parse(source, out, origin);
  source.end();
  if (out.length > maximumOctets) {
    throw new RecordDataError(`${typeName} is ${out.length} octets long; ${maximumOctets} are allowed`);
  }
  return out.finish().toString("latin1");
}

function parseGeneric(type: number, tokens: TokenSource): Octets {
  tokens.next("data", "\\#");
  const { text } = tokens.next("length", "a number of octets");
  const hex = tokens
    .rest("data", "hexadecimal digits", false)
    .map((token) => token.text)
    .join("");
  if (!/^\d{1,5}$/.test(text) || Number(text) > maximumOctets)
    throw tokens.refuse("length", text, "a number of octets");
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex) || hex.length !== Number(text) * 2) {
    throw tokens.refuse("data", hex, `${text} octets in hexadecimal`);
  }
  const rdata = Buffer.from(hex, "hex").toString("latin1");
  checkRecordData(type, rdata);
  return rdata;
}

/**
 * Record data as zone files write it, on one line, names in full; in the form of RFC 3597 where its type is unknown or it cannot be written
 * otherwise. Throws RecordDataError where it cannot be of its type.
 */
export function formatRecordData(type: number, rdata: Octets): string {
  checkRecordData(type, rdata);
  const fields = fieldsOf(type);
  if (fields === undefined) return formatGeneric(rdata);
  try {
    const reader = readerOf(rdata);
    return fields
      .map((field) => field.format(reader))
      .filter((part) => part !== "")
      .join(" ");
  } catch (error) {
    if (error instanceof RecordDataError) return formatGeneric(rdata);
    throw error;
  }
}

function readerOf(rdata: Octets): OctetReader {
  return new OctetReader(Buffer.from(rdata, "latin1"));
}

function formatGeneric(rdata: Octets): string {
  const hex = Buffer.from(rdata, "latin1").toString("hex").toUpperCase();
  return `\\# ${rdata.length}${hex === "" ? "" : ` ${hex}`}`;
}

/** Throws RecordDataError where octets (names not compressed) cannot be a type's data. */
export function checkRecordData(type: number, rdata: Octets): void {
  const fields = fieldsOf(type);
  if (fields === undefined) return;
  const reader = readerOf(rdata);
  for (const field of fields) field.skip(reader);
  requireEnd(type, reader);
}

function requireEnd(type: number, reader: OctetReader): void {
  if (reader.left > 0)
    throw new RecordDataError(`${formatRecordType(type)} has ${reader.left} octets more than it should`);
}

/**
 * Record data out of a message: its names in full, whatever of them was compressed (RFC 3597 §4 wants to read that of the older types). Throws
 * RecordDataError where it cannot be of its type.
 */
export function readRecordData(type: number, message: Buffer, at: number, end: number): Octets {
  const fields = fieldsOf(type);
  if (fields === undefined) return message.toString("latin1", at, end);
  const reader = new OctetReader(message, at, end, "message");
  let rdata = "";
  for (const field of fields) {
    const start = reader.at;
    if (field.isName === undefined) {
      field.skip(reader);
      rdata += message.toString("latin1", start, reader.at);
    } else rdata += reader.name();
  }
  requireEnd(type, reader);
  return rdata;
}

/** A name in record data: where its octets are, and whether messages may compress it. */
export interface NamePlace {
  readonly at: number;
  readonly name: DomainName;
  readonly isCompressible: boolean;
}

/** The names in record data, in order. Throws RecordDataError. */
export function namesInRecordData(type: number, rdata: Octets): NamePlace[] {
  const fields = fieldsOf(type);
  if (fields === undefined) return [];
  const reader = readerOf(rdata);
  const places: NamePlace[] = [];
  for (const field of fields) {
    if (field.isName === undefined) {
      field.skip(reader);
      continue;
    }
    const at = reader.at;
    places.push({ at, name: reader.name(), isCompressible: field.isName === "compressed" });
  }
  return places;
}

/** Types whose names are compared in any case of letters: those of RFC 4034 §6.2 as corrected by RFC 6840 §5.1. */
const caseless = new Set<number>([
  ...[
    recordTypes.NS,
    recordTypes.MD,
    recordTypes.MF,
    recordTypes.CNAME,
    recordTypes.SOA,
    recordTypes.MB,
    recordTypes.MG,
  ],
  ...[recordTypes.MR, recordTypes.PTR, recordTypes.MINFO, recordTypes.MX, recordTypes.RP, recordTypes.AFSDB],
  ...[recordTypes.NAPTR, recordTypes.KX, recordTypes.SRV, recordTypes.DNAME, recordTypes.RRSIG],
]);

/** A key by which equal record data is found: octets, names in lower case where they are compared so. */
export function recordDataKey(type: number, rdata: Octets): string {
  if (!caseless.has(type)) return rdata;
  let key = rdata;
  for (const { at, name } of namesInRecordData(type, rdata)) {
    key = key.slice(0, at) + lowerName(name) + key.slice(at + name.length);
  }
  return key;
}
