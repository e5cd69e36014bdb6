// The query language of logs: words, "phrases", field:value, field>=number, severity>=warning, NOT, OR, parentheses. A text becomes a condition
// (`parseLogQuery`), which stores translate, and which can be asked of single records (`logMatcher`).
export * from "./format-log-term.ts";
export * from "./log-condition.ts";
export * from "./log-query-error.ts";
export * from "./matches-log.ts";
export * from "./parse-log-query.ts";
export { type LogQueryToken, scanLogQuery } from "./scan-log-query.ts";
