// Restore runs: checkouts, rollbacks and restores that people ask for and agents carry out. A run is known by a UUID; the agent fetches what is asked
// for with its credentials, tells how far it is, and says once how it ended. A run that its agent did not take, or of which nothing is heard, fails.
export * from "./agent-restore-routes.ts";
export * from "./create-restores.ts";
export * from "./restore-routes.ts";
export * from "./restore-store.ts";
export * from "./restore-watch.ts";
export * from "./take-restore-outcome.ts";
