// Objects are the files of a repository: stored from a stream and durable when that is said, listed, opened, deleted.
export * from "./delete-object.ts";
export * from "./find-object.ts";
export * from "./hash-file.ts";
export * from "./list-objects.ts";
export * from "./receive-body.ts";
export * from "./store-object.ts";
