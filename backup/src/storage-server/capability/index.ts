// A capability is a signed statement of what its bearer may do with which repository, how many bytes it may hold, and until when.
export * from "./access.ts";
export * from "./capability.ts";
export * from "./mint-capability.ts";
