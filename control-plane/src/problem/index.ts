// Problems: what is wrong, from the first HARD non-OK or stale state to the recovery. The list also shows what is still SOFT. A problem is handled
// when it is acknowledged, in downtime, or only follows from its host being down.
//
// Many problems follow from one: services from their host, hosts from a parent, what depends from its master, a business rule from its leaves. Those
// have it as their root; a root counts as much for the business as the worst of what follows from it.
export * from "./find-causes.ts";
export * from "./find-roots.ts";
export * from "./impact.ts";
export * from "./problem-roots.ts";
export * from "./routes.ts";
export * from "./store.ts";
