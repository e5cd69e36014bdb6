// What an uninterruptible power supply tells by SNMP: reading it is of use to discovery as well.
export * from "./ups-figures.ts";
