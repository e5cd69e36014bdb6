// States of hosts and services, in Nagios' words.

export * from "./observation.ts";
export * from "./state.ts";
