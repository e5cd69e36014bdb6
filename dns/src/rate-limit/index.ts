// Response-rate limiting: who is sent the same again and again did not ask for it. Within fixed memory.
export * from "./rate-limiter.ts";
