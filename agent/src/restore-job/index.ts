// Restores: checkouts, rollbacks and restores that people ask for, one at a time, never beside a backup of the same repository (which lets go and goes
// on afterwards). As with backups, what was taken on is on disk before it begins, and its end before it counts as over: after a kill the next agent
// goes on with it. The work is done by an engine in a process of its own (`engine/`), within what the host's policy allows.
export * from "./restore-runner.ts";
export * from "./restore-state.ts";
export * from "./start-restores.ts";
