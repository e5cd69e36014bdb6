// Regular expressions that somebody wrote into the configuration, kept from taking the host's processor: by their form, by the length of what they see,
// and by a limit of time for what the form did not show.
export * from "./compile-pattern.ts";
export * from "./dangerous-pattern.ts";
export * from "./pattern-guard.ts";
export * from "./time-limit.ts";
