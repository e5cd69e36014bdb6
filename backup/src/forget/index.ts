// To forget is to drop snapshots, by a policy or by name; their data stays until prune. What is held is never forgotten.
export * from "./forget.ts";
