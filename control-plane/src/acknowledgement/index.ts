// Acknowledgements: somebody is on it. While one is in force nobody is told of the problem again; it ends with the problem, or, when it is
// not sticky, as soon as the problem turns into another one (check-result and state-change see to that, in the result's transaction).
export * from "./acknowledge.ts";
export * from "./expire-acknowledgements.ts";
export * from "./routes.ts";
