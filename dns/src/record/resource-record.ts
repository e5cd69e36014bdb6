import type { DomainName } from "../name/index.ts";

/** The only class that zones here have; CHAOS exists in questions. */
export const classIn = 1;

/** Octets as a string of characters 0 to 255: a tenth of a Buffer's memory where there are a million of them, and a key as it is. */
export type Octets = string;

/** One record of class IN (RFC 1035 §3.2). */
export interface ResourceRecord {
  readonly name: DomainName;
  readonly type: number;
  /** Seconds, 0 to 2^31 - 1 (RFC 2181 §8). */
  readonly ttl: number;
  /** Wire form, names in it not compressed. */
  readonly rdata: Octets;
}

/** All records of one type that a name has; they share a TTL (RFC 2181 §5). */
export interface Rrset {
  readonly type: number;
  readonly ttl: number;
  readonly rdatas: readonly Octets[];
}

export const maximumTtl = 2 ** 31 - 1;
