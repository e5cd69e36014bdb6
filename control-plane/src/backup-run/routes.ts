import { AgentCommand } from "@mycloud/protocol/agent";
import { BackupRun, BackupRunDetail, BackupRunFilter, isEndPhase } from "@mycloud/protocol/backup-run";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, Reply, type Route, route } from "../http/route.ts";
import type { LiveProgress } from "./live-progress.ts";
import type { SendBackupCommand } from "./send-command.ts";
import { findRun, listRuns } from "./store.ts";

export interface RunRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly live: LiveProgress;
  readonly sendCommand: SendBackupCommand;
}

/** What people see of runs. */
export function createRunRoutes({ database: { db }, live, sendCommand }: RunRoutesDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/backup-runs",
      summary: "List backup runs, newest first, those under way with their progress",
      access: forViewers,
      query: ListQuery,
      filter: BackupRunFilter,
      answer: listAnswer(BackupRun),
      handle: ({ query, scope }) => listRuns(db, scope, query, live),
    }),
    route({
      method: "get",
      path: "/api/v1/backup-runs/:id",
      summary: "Show a backup run, with the entries that could not be read",
      access: forViewers,
      params: IdParams,
      answer: BackupRunDetail,
      handle: ({ params, scope }) => findRun(db, scope, params.id, live),
    }),
    route({
      method: "post",
      path: "/api/v1/backup-runs/:id/cancel",
      summary: "End a backup run that is under way; answers the command to follow",
      access: forOperators,
      params: IdParams,
      answer: AgentCommand,
      handle: async ({ params, actor, scope }) => {
        const run = await findRun(db, scope, params.id, live);
        if (isEndPhase(run.phase) || run.hostId === null) throw new ConflictError(`backup run ${run.id} is over`);
        const request = { kind: "backup-cancel" as const, runId: run.runId };
        return new Reply(201, await sendCommand({ actor, scope }, run.hostId, request));
      },
    }),
  ];
}
