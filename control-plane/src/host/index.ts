// Hosts: the machines that are watched. A host has labels and groups that selectors look at (what its agent reported, overlaid by what an
// operator wrote), a present state, and services, which follow from the checks whose selector matches it.
export * from "./create-host.ts";
export * from "./effective-labels.ts";
export * from "./routes.ts";
export * from "./store.ts";
