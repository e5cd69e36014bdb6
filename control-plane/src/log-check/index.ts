// Log checks: a check with the command `log` counts the records that match a query within the last minutes, and holds the number against ranges. The
// control plane computes it, for each host that the check is on, at the check's interval.
export * from "./command.ts";
export * from "./create-log-checks.ts";
