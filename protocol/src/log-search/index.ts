// Questions to the log store, and what they are answered with: pages of records, histograms, top values, patterns.
export * from "./log-request.ts";
export * from "./log-search.ts";
export * from "./saved-log-search.ts";
