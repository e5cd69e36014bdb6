// Dynamic update (RFC 2136) without servers: what a message wants of a zone, held against it, as a change.
export * from "./draft.ts";
export * from "./update-zone.ts";
