// Nagios' object language, with Shinken's additions: what `define host { ... }` files say. A *directive* is one line of a definition, a *template* a
// definition others take values over from (`use`), a *configuration* is what remains when templates are resolved and lists of hosts and groups are
// expanded: one object for each host, service, dependency and escalation, as nagios' own objects.cache has them. Pure: text in, objects and
// faults out; every fault has file and line. Facts were checked against nagios4 4.4.6; Shinken's were read in its source.
export * from "./command-line.ts";
export * from "./configuration.ts";
export * from "./expand-configuration.ts";
export * from "./format-objects.ts";
export * from "./limits.ts";
export * from "./nagios-object.ts";
export * from "./place.ts";
export * from "./read-configuration.ts";
export * from "./read-main-file.ts";
export * from "./read-objects.ts";
export * from "./resolve-templates.ts";
export * from "./shell-words.ts";
