// Previews: what a definition would mean, asked before it is stored. Nothing of them is kept.
export * from "./preview.ts";
