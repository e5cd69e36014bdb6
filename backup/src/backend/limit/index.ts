// Bandwidth limits: a token bucket for each direction, and a wrapper that makes any backend keep to them.
export * from "./limit-backend.ts";
export * from "./token-bucket.ts";
