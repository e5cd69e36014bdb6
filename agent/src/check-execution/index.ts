// Check execution: one run of one check, from its definition to a result. Nothing in here throws: a plugin that fails is a result.
export * from "./execute-check.ts";
export * from "./plugin-memory.ts";
export * from "./probed-devices.ts";
