// Probers: a host without an agent names hosts whose agents run its checks, in order of preference. The first that is there does; when its keepalives
// stop, the next takes over, and gives it back when the first returns. Who does is a row (`host_prober`), decided by one control plane, read by
// all; whoever did it before is believed a moment longer, for what was under way. With nobody there the row stays as it is: nothing comes, and
// what was measured becomes STALE. A host of a customer may be
// probed by the operator's: the customer sees that it is, and by none of its names.
export * from "./choose-probers.ts";
export * from "./find-agent-presence.ts";
export * from "./find-prober-faults.ts";
export * from "./probing.ts";
export * from "./store.ts";
export * from "./watch-probers.ts";
