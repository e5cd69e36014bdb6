// What questions to the log store are answered with: pages of records, histograms, top values, patterns.
export * from "./log-search.ts";
