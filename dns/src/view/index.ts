// What there is to be seen, and by whom: the zones of the configuration with what holds for them, views of them, and which view a client has.
export * from "./clients.ts";
export * from "./served-zone.ts";
export * from "./view.ts";
export * from "./zone-table.ts";
