// The command line: one program, `mycloud`, made of commands that are loaded when they are asked for.
//
// A command is a function from a `Terminal` (streams, environment, clock: everything of the outer world) to a commander `Command`. It
// writes data to stdout and everything else to stderr, and ends by returning or by throwing a `CommandError`, which carries the exit
// code of the table in `exit-code.ts`. Nothing but `agent/src/main.ts` ends the process.
export * from "./command-error.ts";
export * from "./command-group.ts";
export * from "./exit-code.ts";
export * from "./instance-options.ts";
export * from "./option-values.ts";
export * from "./print.ts";
export * from "./program-version.ts";
export * from "./root-directory.ts";
export * from "./style.ts";
export * from "./table.ts";
export * from "./terminal.ts";
export * from "./time-text.ts";
