// Availability: for what share of a time hosts and services were in which state. Time of which nothing is known is a share of its own, and never
// counts as OK.
export * from "./availability.ts";
