// A report on backups for whoever answers for them: every host and policy, what was promised and whether it was kept.
export * from "./routes.ts";
