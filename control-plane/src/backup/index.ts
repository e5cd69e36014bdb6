// Backups, wired: policies become repositories and services, agents get credentials and tell of runs, services follow from what they tell.
export * from "./create-backups.ts";
