// What a storage server says of itself and its repositories, to those that may read all of it.
export * from "./storage-status.ts";
