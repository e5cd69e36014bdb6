// Machines as their owners see them: how they are in plain words, and what of them is backed up.
export * from "./machine.ts";
