// How much a repository may hold, how much the disk has left, and whether an upload has room in both.
export * from "./admission.ts";
export * from "./free-space.ts";
export * from "./usage.ts";
