// Scope: which tenant's rows a query may see.
export * from "./scope.ts";
