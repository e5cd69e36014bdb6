import type { Edns, EdnsOption } from "../message/index.ts";

/** Octets that fit into what networks carry without fragments (the flag day of 2020). */
export const udpPayloadSize = 1232;
const smallestUdpPayload = 512;
const largestTcpMessage = 65_535;

export const optionCodes = { NSID: 3, EXPIRE: 9, COOKIE: 10 } as const;

/** Says for how many seconds a zone holds without its primary (RFC 7314 §3). */
export function expireOption(seconds: number): EdnsOption {
  const data = Buffer.alloc(4);
  data.writeUInt32BE(seconds);
  return { code: optionCodes.EXPIRE, data };
}

/** Whether somebody wants to know for how long a zone holds. */
export function wantsExpire(edns: Edns | undefined): boolean {
  return edns?.options.some(({ code }) => code === optionCodes.EXPIRE) ?? false;
}

/** What a primary says by the EXPIRE option, in seconds; undefined where it says nothing. */
export function readExpire(edns: Edns | undefined): number | undefined {
  const option = edns?.options.find(({ code, data }) => code === optionCodes.EXPIRE && data.length === 4);
  return option?.data.readUInt32BE();
}

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
