// External commands: Nagios' one-line commands (`[epoch] NAME;field;field`), whichever way they come: API, named pipe, Livestatus. A line is parsed
// (parse-command.ts), its fields are read by name (command-fields.ts), and what the command does is done by the concept it belongs to, with
// the same rules, audit and scope as when the console asks. Each group of commands is a table in a file of its own.
export * from "./create-external-commands.ts";
export * from "./parse-command.ts";
export { unescapeOutput } from "./result-commands.ts";
export * from "./routes.ts";
