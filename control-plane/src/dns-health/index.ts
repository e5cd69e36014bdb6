// Health-aware answers: a record that names a service leaves what is published when the service is HARD and not OK, and comes back with HARD OK. What is
// published then (tiers, minimum answers, everything when nothing is well) is dns-publish's; each change is a serial of its own, so that secondaries of any make
// answer alike.
export * from "./create-dns-health.ts";
export * from "./follow-services.ts";
export * from "./health-store.ts";
export * from "./standing.ts";
