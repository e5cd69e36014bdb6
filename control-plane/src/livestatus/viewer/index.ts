// Viewers: what somebody named by `AuthUser:` may know of.
export * from "./find-viewer.ts";
export * from "./viewer.ts";
