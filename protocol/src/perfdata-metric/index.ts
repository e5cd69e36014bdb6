// Perfdata of check results as metrics: which family a unit belongs to, and how many series one result may make.
export * from "./perfdata-families.ts";
export * from "./perfdata-unit.ts";
