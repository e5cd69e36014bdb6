// The scheduler: which check runs when.
//
// Each check has a *grid*: the instants `splay + n * interval`, where the splay is a stable hash of the service. Runs are planned on the
// grid, never "an interval after the last one ended", so nothing drifts and a fleet does not fall into step. A grid point that passes
// while the check still runs, or while too many others run, is *skipped* and counted. While a problem is SOFT the check is tried again
// after its retry interval. `schedule.ts` decides (pure); `scheduler.ts` keeps the timer and starts runs.
export * from "./admission.ts";
export * from "./grid.ts";
export * from "./schedule.ts";
export * from "./scheduler.ts";
