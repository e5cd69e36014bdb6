// Resource records: types, and their data in wire form and as zone files write it. What a type's data consists of is one table (record-fields.ts) of
// fields that parse, format and check themselves; a type that is not in it is octets (RFC 3597). Texts are strings of octets, as names are.

export * from "./base32hex.ts";
export * from "./character-string.ts";
export { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from "./fields/addresses.ts";
export { readTypes } from "./fields/type-bitmap.ts";
export * from "./octet-reader.ts";
export * from "./octet-writer.ts";
export * from "./record-data.ts";
export * from "./record-data-error.ts";
export * from "./record-text.ts";
export * from "./record-type.ts";
export * from "./resource-record.ts";
export * from "./scan-entries.ts";
export * from "./time-to-live.ts";
export * from "./token.ts";
