// The console's first page.
export * from "./overview.ts";
