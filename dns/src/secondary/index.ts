// Secondary zones: when their primaries are asked (secondary-times.ts), what is asked and what of the answers is believed (fetch-zone.ts), and what
// becomes of the zone (secondaries.ts).
export * from "./apply-change.ts";
export * from "./ask-peer.ts";
export * from "./fetch-zone.ts";
export * from "./secondaries.ts";
export * from "./secondary-times.ts";
