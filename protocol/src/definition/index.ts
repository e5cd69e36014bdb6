// Definitions of the kinds that are a name and a specification: time periods, dependencies, groups, schedules and the like.
export * from "./is-deep-equal.ts";
export * from "./stored-kind.ts";
export * from "./template.ts";
export * from "./template-fields.ts";
