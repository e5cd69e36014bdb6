// A pack is a file of sealed blobs with a sealed header behind them that says what they are, and its length in the last four bytes
// (doc/design.rst, "Pack Format"). Data and trees never share a pack. A pack's name is the SHA-256 of all of it.
export * from "./blob-opener.ts";
export * from "./pack-builder.ts";
export * from "./pack-header.ts";
export * from "./plan-segments.ts";
export * from "./read-pack-header.ts";
