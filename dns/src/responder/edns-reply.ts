import type { Edns, EdnsOption } from "../message/index.ts";

/** Octets that fit into what networks carry without fragments (the flag day of 2020). */
export const udpPayloadSize = 1232;
const smallestUdpPayload = 512;
const largestTcpMessage = 65_535;

export const optionCodes = { NSID: 3, COOKIE: 10 } as const;

/** How an answer may look, as far as the query's OPT record decides. */
export interface EdnsTerms {
  /** Octets that the whole answer may take. */
  readonly limit: number;
  readonly wantsDnssec: boolean;
}

/** By UDP at most 1232 octets, less where the client can take less, 512 without EDNS; by TCP what a message can have. Pure. */
export function termsOf(edns: Edns | undefined, isStream: boolean): EdnsTerms {
  const asked = edns === undefined ? smallestUdpPayload : Math.max(smallestUdpPayload, edns.udpPayloadSize);
  return {
    limit: isStream ? largestTcpMessage : Math.min(asked, udpPayloadSize),
    wantsDnssec: edns?.wantsDnssec ?? false,
  };
}

/** Octets that an OPT record with such options takes. */
export function ednsOctets(options: readonly EdnsOption[]): number {
  return 11 + options.reduce((sum, { data }) => sum + 4 + data.length, 0);
}
