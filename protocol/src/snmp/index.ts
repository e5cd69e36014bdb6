// SNMP: how devices are asked that have no agent (switches, UPSs, printers). A credential is a stored definition whose selector says for which hosts it
// counts; the agent that probes such a host gets it with the host's address, and nobody else does.
export * from "./snmp-credential.ts";
export * from "./snmp-security.ts";
export * from "./trap-rule.ts";
