// How long to wait before trying again.
export * from "./backoff.ts";
