// Zones: what people, files, hosts and UPDATE messages define of the name service. Every change is one plan (what differs, what is wrong with it, what is published
// then), made and carried out in one transaction with the zone locked: RRsets, serial, step, history and audit together. Only what a change touches is read and
// written, so that a zone of a million records is changed as quickly as a small one.
export * from "./apply-zone.ts";
export * from "./change-zone.ts";
export * from "./create-zone.ts";
export * from "./key-routes.ts";
export * from "./rrset-routes.ts";
export * from "./zone-file-routes.ts";
export * from "./zone-routes.ts";
