// Comments: what people note on hosts and services for each other. They change nothing.
export * from "./routes.ts";
export * from "./write-comments.ts";
