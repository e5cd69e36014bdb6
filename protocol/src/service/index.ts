// Services: one watched thing on one host.
export * from "./service.ts";
