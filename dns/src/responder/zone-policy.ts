import type { DomainName } from "../name/index.ts";
import type { Zone } from "../zone/index.ts";
import type { Weighting } from "./weighting.ts";

/** What holds for a zone besides its records. */
export interface ZonePolicy {
  /** Queries that fell into it: counted here. */
  queries: number;
  /** Whether everybody may ask it. */
  readonly isOpen: boolean;
  /** `address`: 4 or 16 octets; `key`: of a signature that held. */
  mayQuery(address: Uint8Array, key: DomainName | undefined): boolean;
  /** For how long its records hold without its primary, in seconds (RFC 7314); undefined: nobody knows. */
  expireSeconds(nowMs: number): number | undefined;
  /** How an RRset's records are handed out; undefined: all alike. `owner` in lower case. */
  weightingOf(owner: DomainName, type: number): Weighting | undefined;
}

/** The policies of the zones of one view; a zone without one is open. */
export interface PolicySource {
  policyOf(zone: Zone): ZonePolicy | undefined;
}
