// The SNMP agent: states of hosts and services, and how many there are of each, for managers that speak nothing else. It is read-only, and answers one
// community or one user of version 3, who sees everything. What it tells is a snapshot of some seconds that is made when somebody asks.
export * from "./create-snmp-agent.ts";
