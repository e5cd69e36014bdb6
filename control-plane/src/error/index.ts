// Domain errors, independent of HTTP; http/ maps them to status codes.
export * from "./domain-error.ts";
