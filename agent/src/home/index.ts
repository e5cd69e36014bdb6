// The interactive home: what `mycloud` alone shows on a terminal. Who am I, how are my machines, what was backed up last, what can I do. Each choice is
// one key, and runs the command that is printed, so that using it teaches the commands. Plain lines, no screen is cleared: it reads well aloud, too.
export * from "./choices.ts";
export * from "./home-text.ts";
export * from "./read-key.ts";
export * from "./run-home.ts";
