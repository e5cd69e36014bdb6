// Reachability: a host may be reached through others, its parents. While none of them is UP, a host that does not answer is UNREACHABLE rather than
// DOWN: what is wrong is a parent, and people are told of that. Only verdicts of our own (an agent's silence, an active check) are renamed; what
// somebody sent stays as it was sent, as in nagios. When a parent goes down, its children's verdicts are renamed in the same transaction; when
// it comes back, agents get the time of a keepalive to say that they are there. A sweep mends what two transactions at once could not see.
export * from "./find-circle.ts";
export * from "./find-late-parents.ts";
export * from "./find-misnamed-hosts.ts";
export * from "./parent-graph.ts";
export * from "./store.ts";
