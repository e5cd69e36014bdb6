// SNMP as a manager: asks devices for values by their object identifiers. A session is one device with one credential; sessions are shared and bounded
// (requests under way at once, requests a second), so that neither the device nor this host is flooded. Versions 1, 2c and 3. What a device may say is
// checked before it is believed: walks have limits, and OIDs must increase. Names are few and built in, since MIB files may not be shipped; everything
// else is asked for by numeric OID.
export * from "./compare-oids.ts";
export * from "./counter-growth.ts";
export * from "./credentials-file.ts";
export * from "./oid.ts";
export * from "./parse-cidr.ts";
export * from "./request-gate.ts";
export * from "./snmp-context.ts";
export * from "./snmp-error.ts";
export * from "./snmp-options.ts";
export * from "./snmp-session.ts";
export * from "./snmp-sessions.ts";
export * from "./snmp-target.ts";
export * from "./snmp-value.ts";
export * from "./standard-names.ts";
export * from "./sweep.ts";
export * from "./walk.ts";
export * from "./with-session.ts";
