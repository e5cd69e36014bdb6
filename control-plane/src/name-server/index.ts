// Name servers: what they are told (a stream), what they fetch (zones, as they are published), what they pass on (UPDATE) and say of themselves. They come with
// tokens of a scope of its own, the only one that sees the secrets of keys.
export * from "./name-server-streams.ts";
export * from "./routes.ts";
