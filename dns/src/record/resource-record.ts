import type { DomainName } from "../name/index.ts";

/** The only class that zones here have; CHAOS exists in questions. */
export const classIn = 1;

/** One record of class IN (RFC 1035 §3.2). */
export interface ResourceRecord {
  readonly name: DomainName;
  readonly type: number;
  /** Seconds, 0 to 2^31 - 1 (RFC 2181 §8). */
  readonly ttl: number;
  /** Wire form, names in it not compressed. */
  readonly rdata: Buffer;
}

/** All records of one name and type, which share a TTL (RFC 2181 §5). */
export interface Rrset {
  readonly name: DomainName;
  readonly type: number;
  readonly ttl: number;
  readonly rdatas: readonly Buffer[];
}

export const maximumTtl = 2 ** 31 - 1;
