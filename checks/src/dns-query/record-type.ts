/** Types of resource record by number (IANA), as far as checks ask for them. */
export const RECORD_TYPE_NUMBERS: ReadonlyMap<string, number> = new Map([
  ["A", 1],
  ["NS", 2],
  ["CNAME", 5],
  ["SOA", 6],
  ["PTR", 12],
  ["MX", 15],
  ["TXT", 16],
  ["AAAA", 28],
  ["SRV", 33],
  ["DS", 43],
  ["DNSKEY", 48],
  ["SVCB", 64],
  ["HTTPS", 65],
  ["CAA", 257],
]);

const RESULT_CODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"] as const;

/** A result code in words: `REFUSED`, `RCODE9`. */
export function resultCodeName(code: number): string {
  return RESULT_CODES[code] ?? `RCODE${code}`;
}

/** The result codes that a check may expect. */
export const RESULT_CODE_NAMES: readonly string[] = RESULT_CODES;
