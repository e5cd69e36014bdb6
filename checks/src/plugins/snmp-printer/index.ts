// What a printer tells by SNMP: reading it is of use to discovery as well.
export * from "./printer-figures.ts";
