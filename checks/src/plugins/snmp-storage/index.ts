// Stores of a device by SNMP: reading them is of use to discovery as well.
export * from "./storage-row.ts";
