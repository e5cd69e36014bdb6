// `mycloud logs`: searches log records, follows them as they come, and shows their patterns and most frequent values.
export { createLogsCommand } from "./logs-command.ts";
