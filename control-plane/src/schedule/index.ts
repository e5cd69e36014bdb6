/** Work that comes again: `runEvery` in each control plane; with `leases.runLeased` inside it, in one of them at a time. */
export { type RunEveryOptions, runEvery } from "./run-every.ts";
