// The Nagios plugin API: what a check says about a service and how it says it.
//
// A plugin ends with a return code (0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN) and prints plugin output: one line for
// people, optionally long output on further lines, and after a `|` perfdata, the measured values, each with its unit
// and with the threshold ranges they were held against. Everything here is pure: text in, plain data out and back.
// Nothing throws on text from outside; a plugin that prints nonsense is a normal event in monitoring.
export * from "./base-unit.ts";
export * from "./perfdata.ts";
export * from "./plugin-output.ts";
export * from "./range.ts";
export * from "./return-code.ts";
