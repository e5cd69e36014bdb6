// Columns: typed readers of rows, with Livestatus' names and meanings.
export * from "./column.ts";
export * from "./contact-columns.ts";
export * from "./host-columns.ts";
export * from "./monitored-object.ts";
export * from "./object-columns.ts";
export * from "./remark-columns.ts";
export * from "./service-columns.ts";
export * from "./service-counts.ts";
export * from "./shown-state.ts";
