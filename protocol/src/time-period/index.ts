// Time periods: when checks run and when people are told.
export * from "./time-period.ts";
