// Trial restores: what a host's agent brought back of its newest snapshot, whether it was right, and how long all of it would take.
export * from "./backup-drill.ts";
