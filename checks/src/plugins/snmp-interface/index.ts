// Interfaces of a device by SNMP: reading them is of use to discovery as well.
export * from "./interface-row.ts";
export * from "./read-interfaces.ts";
