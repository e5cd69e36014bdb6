// What a request asks for, read strictly from its first line and headers, and how what went wrong is answered.
export * from "./client-address.ts";
export * from "./parse-range.ts";
export * from "./parse-target.ts";
export * from "./request-error.ts";
