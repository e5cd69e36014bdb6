// Comments on hosts and services.
export * from "./comment.ts";
