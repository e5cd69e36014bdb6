// Scope: which tenant's rows a query may see.
export * from "./own-input.ts";
export * from "./scope.ts";
