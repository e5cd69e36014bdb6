// Service proposals: what agents found on their hosts that nobody watches yet; an operator approves or rejects, nothing is made without.
export * from "./discovery.ts";
export * from "./service-proposal.ts";
