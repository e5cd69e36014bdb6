// Patterns: what messages have in common. On writing each message gets its shape, in which numbers, addresses, paths and the like are masked; on reading, shapes that
// differ in few words are joined to patterns, as Drain does.
export * from "./mask-message.ts";
export * from "./merge-shapes.ts";
export * from "./pattern-id.ts";
export * from "./patterns-asked-by.ts";
export * from "./rank-patterns.ts";
