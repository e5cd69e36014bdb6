import type { DomainName } from "../name/index.ts";
import { OctetReader } from "../record/octet-reader.ts";
import { OctetWriter } from "../record/octet-writer.ts";
import type { Octets } from "../record/resource-record.ts";

/** The data of a SOA record (RFC 1035 §3.3.13); times in seconds. */
export interface StartOfAuthority {
  readonly mname: DomainName;
  readonly rname: DomainName;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  /** How long, at most, somebody remembers that something is not there (RFC 2308 §4). */
  readonly minimum: number;
}

/** Throws RecordDataError. */
export function readSoa(rdata: Octets): StartOfAuthority {
  const reader = new OctetReader(Buffer.from(rdata, "latin1"));
  const mname = reader.name();
  const rname = reader.name();
  const [serial, refresh, retry] = [reader.u32(), reader.u32(), reader.u32()];
  return { mname, rname, serial, refresh, retry, expire: reader.u32(), minimum: reader.u32() };
}

export function writeSoa(soa: StartOfAuthority): Octets {
  const out = new OctetWriter(128);
  out.octets(soa.mname);
  out.octets(soa.rname);
  for (const value of [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum]) out.u32(value);
  return out.finish().toString("latin1");
}
