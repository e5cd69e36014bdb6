// Files that `mycloud export` writes for another program, and writes again after an update: what somebody has changed since, or put there, is left alone.
export * from "./write-exported-files.ts";
