// What of a zone is published: the records that bindings leave in (chooseRecords: the one place that applies them), the serial that says so, and the steps from
// each serial to the next, which incremental transfers are made of. What is defined is dns-zone's.
export * from "./choose-records.ts";
export * from "./next-serial.ts";
export * from "./publish-step.ts";
export * from "./record-lines.ts";
