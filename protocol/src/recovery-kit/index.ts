// Recovery kits on paper: what to type into stock restic to get everything back with no MyCloud at all. No schemas are in here, so that pages stay small.
export * from "./recovery-kit-text.ts";
