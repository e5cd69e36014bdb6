// Backup jobs: the policies that back this host up, one run at a time. When is decided in `backup-schedule/`; here a run is begun, conducted and its end
// told, over restarts of the agent: what was begun is on disk before it begins, what came of it before it counts as over. The work is done by the
// backup engine in a process of its own (`engine/`).
export * from "./answer-timer.ts";
export * from "./job-runner.ts";
export * from "./job-state.ts";
export * from "./outcome-spool.ts";
export * from "./power.ts";
export * from "./private-key.ts";
