// Definitions as files: apply and export.
export * from "./resource.ts";
