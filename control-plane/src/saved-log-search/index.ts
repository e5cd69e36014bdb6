// Searches of logs that people come back to: their own, and those shared with everybody of the same customer, or with all staff.
export * from "./routes.ts";
