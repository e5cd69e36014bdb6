// Repositories by policy: one for each host and policy, on a storage server.
export * from "./backup-repository.ts";
export * from "./read-credentials.ts";
