// Groups of hosts, services and contacts.
export * from "./group.ts";
