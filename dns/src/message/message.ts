import type { DomainName } from "../name/index.ts";
import type { Octets } from "../record/index.ts";

/** Operation codes (RFC 1035 §4.1.1, RFC 1996, RFC 2136). */
export const opcodes = { QUERY: 0, NOTIFY: 4, UPDATE: 5 } as const;

/** Result codes; those above 15 take an OPT record (RFC 6891 §6.1.3) or are TSIG's own (RFC 8945 §3). */
export const resultCodes = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADVERS: 16,
  BADSIG: 16,
  BADKEY: 17,
  BADTIME: 18,
  BADTRUNC: 22,
  BADCOOKIE: 23,
} as const;

export const classes = { IN: 1, CH: 3, NONE: 254, ANY: 255 } as const;

/** The header's flags by their bits in the second 16 of it. */
export const flagBits = { QR: 0x8000, AA: 0x0400, TC: 0x0200, RD: 0x0100, RA: 0x0080, AD: 0x0020, CD: 0x0010 } as const;

/** The first twelve octets of a message. */
export interface Header {
  readonly id: number;
  /** As on the wire, opcode and result code among them. */
  readonly flags: number;
  readonly counts: readonly [question: number, answer: number, authority: number, additional: number];
}

export const headerOctets = 12;

export function opcodeOf({ flags }: Pick<Header, "flags">): number {
  return (flags >> 11) & 15;
}

/** What is asked; of an UPDATE, the zone (RFC 2136 §2.3). */
export interface QuestionEntry {
  readonly name: DomainName;
  readonly type: number;
  readonly class: number;
}

/** A record of any class and section; its data is in full, as far as its type is known. */
export interface MessageRecord {
  readonly name: DomainName;
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  readonly rdata: Octets;
}

/** An option of an OPT record. */
export interface EdnsOption {
  readonly code: number;
  readonly data: Buffer;
}

/** What an OPT record says (RFC 6891). */
export interface Edns {
  /** Octets that the other side can take by UDP; less than 512 counts as 512. */
  readonly udpPayloadSize: number;
  readonly version: number;
  /** The DO bit. */
  readonly wantsDnssec: boolean;
  readonly options: readonly EdnsOption[];
}

/** A message that was read. OPT and TSIG are not among its records. */
export interface Message {
  readonly header: Header;
  readonly questions: readonly QuestionEntry[];
  readonly answer: readonly MessageRecord[];
  readonly authority: readonly MessageRecord[];
  readonly additional: readonly MessageRecord[];
  readonly edns: Edns | undefined;
  /** Where the TSIG record begins, which is the last one if there is one (RFC 8945 §5.1). */
  readonly tsigAt: number | undefined;
}

/** A message that cannot be read: what it deserves is FORMERR. */
export class MessageError extends Error {
  override readonly name = "MessageError";
}
