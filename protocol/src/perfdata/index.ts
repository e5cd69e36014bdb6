// Perfdata over time, as charts read it.
export * from "./series.ts";
