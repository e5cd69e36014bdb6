// The command line `mycloud check ...`: run a check, list them, print as text or JSON.
export * from "./check-command.ts";
