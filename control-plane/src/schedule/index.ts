/** Work that comes again: `runEvery` in each control plane; with `leases.runLeased` inside it, in one of them at a time. */

export { createPace, type Pace } from "./pace.ts";
export { type RunEveryOptions, runEvery } from "./run-every.ts";
