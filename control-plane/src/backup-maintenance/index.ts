// Maintenance of repositories, in a process of its own, one repository at a time over all control planes: the retention of managed repositories by their
// policies, the holds of a repository that is frozen since a change looked like an attack, and what the objects that a storage server found damaged hit.
// Of private repositories only the holds are its business: they need no key.
export * from "./freeze.ts";
export * from "./maintain-repositories.ts";
export * from "./maintenance-job.ts";
export * from "./metrics.ts";
export * from "./routes.ts";
export * from "./run-process.ts";
