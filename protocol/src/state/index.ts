// States of hosts and services, in Nagios' words.
export * from "./state.ts";
