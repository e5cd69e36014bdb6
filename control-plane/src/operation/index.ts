// Operation: what people do to what is monitored (acknowledge, plan downtimes, comment, command), wired to each other and to the ways it is asked for.
export * from "./create-operations.ts";
export * from "./operator.ts";
