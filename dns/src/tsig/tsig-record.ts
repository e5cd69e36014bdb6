import { classes } from "../message/index.ts";
import type { DomainName } from "../name/index.ts";
import { OctetReader, OctetWriter } from "../record/index.ts";

/** What a TSIG record says (RFC 8945 §4.2). */
export interface TsigRecord {
  readonly keyName: DomainName;
  readonly algorithmName: DomainName;
  /** Seconds since the epoch, 48 bits. */
  readonly timeSigned: number;
  /** Seconds that clocks may differ. */
  readonly fudge: number;
  readonly mac: Buffer;
  readonly originalId: number;
  /** 0, or BADSIG, BADKEY, BADTIME, BADTRUNC. */
  readonly error: number;
  readonly other: Buffer;
}

/** Reads the record at `at` of a message that was read whole. Throws RecordDataError; undefined where class or TTL are not TSIG's. */
export function readTsig(octets: Buffer, at: number): TsigRecord | undefined {
  const reader = new OctetReader(octets, at, octets.length, "message");
  const keyName = reader.name();
  reader.u16();
  const [recordClass, ttl] = [reader.u16(), reader.u32()];
  const data = new OctetReader(octets, reader.at + 2, reader.at + 2 + reader.u16());
  const algorithmName = data.name();
  const timeSigned = data.u48();
  const fudge = data.u16();
  const mac = data.bytes(data.u16());
  const [originalId, error] = [data.u16(), data.u16()];
  const other = data.bytes(data.u16());
  const isTsig = recordClass === classes.ANY && ttl === 0 && data.left === 0;
  return isTsig ? { keyName, algorithmName, timeSigned, fudge, mac, originalId, error, other } : undefined;
}

/** The record as it stands at the end of a message; its names are not compressed. */
export function writeTsig(tsig: TsigRecord): Buffer {
  const data = new OctetWriter(128);
  data.octets(tsig.algorithmName);
  data.u48(tsig.timeSigned);
  data.u16(tsig.fudge);
  data.u16(tsig.mac.length);
  data.bytes(tsig.mac);
  data.u16(tsig.originalId);
  data.u16(tsig.error);
  data.u16(tsig.other.length);
  data.bytes(tsig.other);
  const out = new OctetWriter(256);
  out.octets(tsig.keyName);
  out.u16(tsigType);
  out.u16(classes.ANY);
  out.u32(0);
  out.u16(data.length);
  out.bytes(data.finish());
  return out.finish();
}

const tsigType = 250;
