// Discovery: what there is to watch on this host, as proposed services. Each finder looks at one kind of thing and changes nothing; what it reads
// is passed in, so that tests use a recorded host. A finder that cannot look says so, since "not found" and "could not look" are different things.
export * from "./discover.ts";
export * from "./discover-device.ts";
export * from "./discovery-sources.ts";
export * from "./find-certificates.ts";
export * from "./find-databases.ts";
export * from "./find-filesystems.ts";
export * from "./find-interfaces.ts";
export * from "./find-ports.ts";
export * from "./find-units.ts";
export * from "./listening-ports.ts";
export * from "./proposed-thing.ts";
