// The simulator: who would be told if something went bad at a moment, by the same pure decision that real problems meet, asked again at every instant at
// which its schedule says so. `diff-recipients.ts` asks it of every host and service before and after a change of definitions.
export * from "./diff-recipients.ts";
export * from "./routes.ts";
export * from "./simulate.ts";
