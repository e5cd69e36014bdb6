// The last good copy of every zone on disk, and how the processes of a name server hand zones to each other: frames of octets with checksums. A file is
// the zone once, then the steps since; a torn end is left out, so that a copy is as good as its last whole frame. Files hold what the zones hold, and
// the configuration keys: mode 0600.
export * from "./frame.ts";
export * from "./load-zone.ts";
export * from "./store-files.ts";
export * from "./turns.ts";
export * from "./zone-framer.ts";
export * from "./zone-id.ts";
export * from "./zone-store.ts";
