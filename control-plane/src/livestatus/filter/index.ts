// Filters: conditions on rows, compiled to functions.
export * from "./compile-filter.ts";
export * from "./filter-bounds.ts";
