// The receiver of SNMP traps and informs. Who may send is who has an SNMP credential: a community that nobody has is counted and dropped, a user of version
// 3 is checked by signature and clock. The source address says which host it is; its credential has to be for that host. Whatever comes is a log record of
// the program `snmptrap`; a trap rule makes some of it a result of a service as well. An inform is answered once what it means is stored, and one that
// comes again is answered again and not stored. Datagrams wait in a bounded queue and are stored together.
export * from "./create-snmp-trap.ts";
