// SNMP devices: hosts without an agent whose labels, groups or names an SNMP credential matches. What is told of them goes into the configuration of the
// agent that probes them, with the credential opened, and nowhere else.
export * from "./choose-credential.ts";
export * from "./find-snmp-devices.ts";
