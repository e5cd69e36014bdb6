// Definitions that are a name and a specification (protocol: `storedKinds`): one table, one store and one set of routes for all of them. What a
// kind means is its concept's business; here it is only kept, with its secrets sealed, and what it names is held to exist.
export * from "./enabled-definitions.ts";
export * from "./find-references.ts";
export * from "./routes.ts";
export * from "./store.ts";
