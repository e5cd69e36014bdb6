// The policy: what this host allows the control plane to ask for, written by whoever owns the host.
export { NrpePolicy } from "./nrpe-policy.ts";
export * from "./policy.ts";
