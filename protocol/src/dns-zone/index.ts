// Zones as resources: what people, files and programs define of the name service. A zone's RRsets are what is defined; what name servers fetch (published,
// with a serial) follows from them and from the health of services. Staff see every zone; who is bound to a customer sees that customer's zones and edits
// their records, of the types that staff leave them. Zones are created, set up and deleted by staff; operators edit records, viewers read.
export * from "./access-rule.ts";
export * from "./name-service.ts";
export * from "./query-explanation.ts";
export * from "./query-statistics.ts";
export * from "./registration.ts";
export * from "./rrset.ts";
export * from "./update-grant.ts";
export * from "./zone.ts";
export * from "./zone-change.ts";
