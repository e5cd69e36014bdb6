// Names and labels: what they may contain, everywhere.
export * from "./name.ts";
