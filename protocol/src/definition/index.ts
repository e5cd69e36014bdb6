// Definitions of the kinds that are a name and a specification: time periods, dependencies, groups, schedules and the like.
export * from "./stored-kind.ts";
export * from "./template.ts";
