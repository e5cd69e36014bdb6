// What is wrong with a zone, in words: what other servers would refuse, what would not work, what is probably not meant.
export * from "./check-zone.ts";
export * from "./finding.ts";
