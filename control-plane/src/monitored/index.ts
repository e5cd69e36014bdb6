// Monitored objects: what hosts and services have in common. Each has a present state (`host_state`, `service_state`), shown as one word that is
// never green without a result; each can be picked by a selector and be in a downtime, both of which are answered in SQL so that
// lists of hundreds of thousands page and count without loading them.
export * from "./definition-cache.ts";
export * from "./escape-like.ts";
export * from "./id-list.ts";
export * from "./in-downtime.ts";
export * from "./mentions.ts";
export * from "./modified-attributes.ts";
export * from "./monitored-object.ts";
export * from "./observation.ts";
export * from "./pending-state.ts";
export * from "./runtime-override.ts";
export * from "./selector-predicate.ts";
export * from "./shown-state.ts";
