// Definitions as files: apply and export.

export * from "./reference.ts";
export * from "./resource.ts";
export * from "./zone-definition.ts";
