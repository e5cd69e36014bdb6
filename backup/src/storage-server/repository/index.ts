// A repository on the server: its name in a URL, its files in restic's local layout, and the server's own records about it.
export * from "./open-repository.ts";
export * from "./repository-layout.ts";
export * from "./repository-name.ts";
export * from "./snapshot-order.ts";
export * from "./trash-repository.ts";
