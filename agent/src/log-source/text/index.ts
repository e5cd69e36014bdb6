// Bytes become lines: encodings, line ends, lines that are too long, lines that belong together. Nothing here reads or waits.
export * from "./find-starts.ts";
export * from "./join-lines.ts";
export * from "./line-stream.ts";
export * from "./split-lines.ts";
export * from "./text-encoding.ts";
