// One question to one name server, for checks that must see what Node's resolver hides: the AA flag, the result code, SOA serials, signatures, the
// authority section of a referral. A narrow reader of packets: it follows compression only backwards, reads no record past its end and no more
// than a packet can hold, and answers undefined for all else. Everything it reads may come from an attacker.
export * from "./ask-name-server.ts";
export * from "./domain-name.ts";
export * from "./read-message.ts";
export * from "./record-type.ts";
export * from "./server-address.ts";
export * from "./write-query.ts";
