// Definitions as files: hosts, checks, passive services, contacts and notification rules, each by its name. `apply` brings what is stored in
// line with what is given, all or nothing, and reports every fault at once; `export` (../export) writes what is stored in the same form, so that
// applying an export changes nothing. Planning is pure (`plan-changes.ts`); carrying out uses the concepts' own stores.
export * from "./reference-routes.ts";
export * from "./routes.ts";
export * from "./with-proposed.ts";
