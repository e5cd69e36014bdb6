// API tokens and their scopes.
export * from "./api-token.ts";
