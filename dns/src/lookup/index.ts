// Lookup: (zones, question) -> answer, no data, name error or delegation, as RFC 1034 §4.3.2 and its successors want it. Pure: nothing here knows packets.

export * from "./locate.ts";
export * from "./look-up.ts";
export * from "./lookup.ts";
export * from "./zone-set.ts";
