// How long operations tell how far they are, and what they could not do.
export * from "./phase-progress.ts";
export * from "./progress.ts";
