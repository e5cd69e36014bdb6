/** Types of resource records by mnemonic (IANA DNS parameters). What is not here is written TYPEnnn (RFC 3597). */
export const recordTypes = {
  A: 1,
  NS: 2,
  MD: 3,
  MF: 4,
  CNAME: 5,
  SOA: 6,
  MB: 7,
  MG: 8,
  MR: 9,
  NULL: 10,
  WKS: 11,
  PTR: 12,
  HINFO: 13,
  MINFO: 14,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  X25: 19,
  RT: 21,
  SIG: 24,
  KEY: 25,
  PX: 26,
  AAAA: 28,
  LOC: 29,
  NXT: 30,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  OPT: 41,
  APL: 42,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  NID: 104,
  L32: 105,
  L64: 106,
  LP: 107,
  EUI48: 108,
  EUI64: 109,
  TKEY: 249,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  MAILB: 253,
  MAILA: 254,
  ANY: 255,
  URI: 256,
  CAA: 257,
} as const satisfies Readonly<Record<string, number>>;

const codes: ReadonlyMap<string, number> = new Map(Object.entries(recordTypes));
const mnemonics: ReadonlyMap<number, string> = new Map(Object.entries(recordTypes).map(([name, code]) => [code, name]));

/** The code of a type written as a mnemonic in any case or as TYPEnnn; undefined where it is neither. */
export function parseRecordType(text: string): number | undefined {
  const known = codes.get(text) ?? codes.get(text.toUpperCase());
  if (known !== undefined) return known;
  const digits = /^TYPE(\d{1,5})$/i.exec(text)?.[1];
  return digits !== undefined && Number(digits) <= 65_535 ? Number(digits) : undefined;
}

/** A type as zone files write it: its mnemonic, or TYPEnnn. */
export function formatRecordType(code: number): string {
  return mnemonics.get(code) ?? `TYPE${code}`;
}

/** Whether a type exists in questions and messages only and never in a zone: OPT, and 128 to 255 (RFC 6895 §3.1). */
export function isMetaType(code: number): boolean {
  return code === recordTypes.OPT || (code >= 128 && code <= 255) || code === 0;
}
