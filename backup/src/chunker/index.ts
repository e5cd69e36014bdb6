// Content-defined chunking: files are cut where their content says so, so that an insertion moves one boundary and not all.
// The gear hash that decides is drawn from the repository's polynomial, which lies encrypted in its config: boundaries tell an onlooker
// nothing about known files.
export * from "./chunk-sizes.ts";
export * from "./chunker.ts";
export * from "./polynomial.ts";
