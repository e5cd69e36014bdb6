// A durable file is there whole after a crash of the process or the machine, or not at all: it is written under a temporary name in the
// same directory, synced, renamed, and the directory is synced. What a killed writer leaves behind can be told by its name.
export * from "./temporary-name.ts";
export * from "./write-file-durably.ts";
