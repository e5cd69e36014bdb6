// The query language of logs: words, "phrases", field:value, field>=number, severity>=warning, NOT, OR, parentheses. Words next to each other all have to match.
export * from "./log-condition.ts";
