// Two clocks: this host's own, which may be wrong, and the control plane's, which is estimated from its answers.
export * from "./server-clock.ts";
