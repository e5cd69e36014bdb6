// Backup repositories: one for each host that a policy backs up. A policy and a host become a repository, and two services, by a plan that is made
// again after every change of definitions. What was made is never thrown away here: a repository without host or policy is kept, and found
// again when a host and a policy of these names come back.
export * from "./agent-routes.ts";
export * from "./find-backup-jobs.ts";
export * from "./managed-password.ts";
export * from "./plan-repositories.ts";
export * from "./repository-path.ts";
export * from "./routes.ts";
export * from "./store.ts";
export * from "./sync-repositories.ts";
