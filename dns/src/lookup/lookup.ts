import type { DomainName } from "../name/index.ts";
import type { Rrset } from "../record/index.ts";
import type { Zone } from "../zone/index.ts";

/** An RRset in a section of an answer. */
export interface SectionRrset {
  /** Who it is said of: the name that was asked for, where a wildcard answers. */
  readonly owner: DomainName;
  readonly rrset: Rrset;
  /** Of the additional section: whether the answer is cut short without it (glue below the delegation itself, RFC 9471). */
  readonly isNeeded?: boolean;
}

/** Result codes that a lookup can come to (RFC 1035 §4.1.1, RFC 2136 §2.2). */
export const rcodes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5, YXDOMAIN: 6 } as const;

/** What a lookup came to, in CoreDNS' words for it. */
export type LookupKind = "success" | "no data" | "name error" | "delegation" | "refused" | "unavailable" | "too long";

/** What the zones say to a question. */
export interface Lookup {
  readonly kind: LookupKind;
  readonly rcode: (typeof rcodes)[keyof typeof rcodes];
  /** The AA bit: about the first name in the answer (RFC 1034 §6.2). */
  readonly isAuthoritative: boolean;
  readonly answer: readonly SectionRrset[];
  readonly authority: readonly SectionRrset[];
  readonly additional: readonly SectionRrset[];
  /** The zone the question fell into; undefined when refused, or when its records are not there. */
  readonly zone: Zone | undefined;
  /** The wildcard that answered, if one did. */
  readonly wildcard: DomainName | undefined;
}
