// What a built-in plugin is and how one is run.
//
// A *plugin* is a value: a name, a table of options, examples and a `run` function that measures something and returns
// return code, output, long output and perfdata. The same value is run in two ways that behave alike: in process by the
// agent (no spawn per check, rates taken over the whole check interval) and by hand as `mycloud check NAME ...`.
// The option table is parsed the way getopt_long does, makes `--help`, and is what the console's check editor shows.
export * from "./agent-status.ts";
export * from "./describe-plugins.ts";
export * from "./execute-plugin.ts";
export * from "./help.ts";
export * from "./nearest-name.ts";
export * from "./option.ts";
export * from "./option-values.ts";
export * from "./parse-options.ts";
export * from "./plugin.ts";
export * from "./report.ts";
export * from "./run-plugin.ts";
export * from "./usage-error.ts";
