// Searching logs: what people and programs ask the log store, each within their scope, a few at a time, within a time limit.
export { timeText } from "./export-records.ts";
export * from "./read-range.ts";
export * from "./routes.ts";
