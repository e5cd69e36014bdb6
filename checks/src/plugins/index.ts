// The built-in checks, one folder each: the plugin, its README, its tests and fixtures. `registry.ts` lists them.
export * from "./registry.ts";
