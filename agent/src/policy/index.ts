// The policy: what this host allows the control plane to ask for, written by whoever owns the host.
export * from "./policy.ts";
