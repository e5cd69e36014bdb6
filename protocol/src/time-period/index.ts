// Time periods: when checks run and when people are told.
export * from "./date-range.ts";
export * from "./time-period.ts";
