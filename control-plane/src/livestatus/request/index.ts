// Requests: bytes to lines, lines to a query. Pure; what tables and columns there are is not known here.
export * from "./parse-request.ts";
export * from "./request.ts";
export * from "./request-reader.ts";
