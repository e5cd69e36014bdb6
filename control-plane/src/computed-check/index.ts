// Checks that the control plane computes itself, in place of an agent: business rules, and what logs say. When they may be computed, how often they
// submit, and what they submit.
export * from "./computed-admission.ts";
export * from "./computed-pace.ts";
export * from "./computed-results.ts";
