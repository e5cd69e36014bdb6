// Selectors: which hosts and services a check, rule or downtime covers.
export * from "./exact-hosts.ts";
export * from "./match-selector.ts";
export * from "./selector.ts";
