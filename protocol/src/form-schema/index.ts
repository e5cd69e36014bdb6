// What a form needs of an input's schema: the values it starts with, its values made into what the schema takes, and the faults by field.
export * from "./fault-tree.ts";
export * from "./fit-input.ts";
export * from "./form-faults.ts";
