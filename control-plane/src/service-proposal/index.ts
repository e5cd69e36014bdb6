// Service proposals: what agents found on their hosts that nobody watches. A report (`record-discovery.ts`) is held against the services that the host
// has (`is-covered.ts`, pure) and against what was found before: new things are proposed, things that are gone are marked, things that have a
// service are left alone. Nothing becomes a check before an operator approves it (`decide-proposals.ts`).
export * from "./create-service-proposals.ts";
