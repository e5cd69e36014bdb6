// Zones in memory: the tree of names with its RRsets, serials, and changes that are made in one go.
export * from "./serial.ts";
export * from "./start-of-authority.ts";
export * from "./zone.ts";
export * from "./zone-history.ts";
export type { ZoneNode } from "./zone-node.ts";
