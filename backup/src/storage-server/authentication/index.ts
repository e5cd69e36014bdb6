// Who asks: the bearer of a capability token (EdDSA), or a user with a password (basic authentication, for stock restic clients).
export * from "./authenticate.ts";
export * from "./token-keys.ts";
export * from "./verify-basic.ts";
export * from "./verify-token.ts";
export * from "./watched-file.ts";
