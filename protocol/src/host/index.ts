// Hosts: the machines that are watched.
export * from "./host.ts";
