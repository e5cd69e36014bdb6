// Enrolment tokens: how an agent gets in.
export * from "./enrolment-token.ts";
