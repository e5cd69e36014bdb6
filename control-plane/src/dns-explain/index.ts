// What name servers answer, seen from here: one question with the reasons for its answer, and how much is asked.
export * from "./explain-query.ts";
export * from "./query-rates.ts";
export * from "./routes.ts";
