// The timeline: what happened, whatever its kind, in the order in which it happened.
export * from "./timeline.ts";
