// Check results: what a plugin reported, on its way in and as stored.
export * from "./check-result.ts";
