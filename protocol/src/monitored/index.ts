// Settings that hosts and services have in common: how they are watched, beside what their state is.
export * from "./flap-detection.ts";
export * from "./runtime-override.ts";
export * from "./settings.ts";
