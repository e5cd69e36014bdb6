import type { AgentCommandRequest } from "@mycloud/protocol/agent";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { isRestoreOver, RestoreRequest, RestoreRun, RestoreRunFilter } from "@mycloud/protocol/restore-run";
import { findCommandHost, insertCommand } from "../agent-command/store.ts";
import type { AuditLog } from "../audit/index.ts";
import { findRepository } from "../backup-repository/store.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { ConflictError, TooManyRequestsError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, Reply, type Route, route } from "../http/route.ts";
import {
  countUnderWay,
  findRestoreRun,
  insertRestoreRun,
  type LiveRestores,
  listRestoreRuns,
} from "./restore-store.ts";

export interface RestoreRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly live: LiveRestores;
  readonly now: () => number;
  /** Commands were created: have them delivered at once. */
  readonly wake: () => void;
}

/** An agent that does not take a run within this time does not take it at all: nobody expects files to change hours later. */
export const commandLifetimeSeconds = 300;
/** They are carried out one after the other. */
const maximumUnderWay = 20;
/** Audit entries show the first paths. */
const auditedPaths = 50;

/** What people do with restores, and see of them. */
export function createRestoreRoutes(deps: RestoreRoutesDependencies): Route[] {
  const { database, audit, changes, live, now, wake } = deps;
  const { db } = database;

  async function sendTo(tx: Executor, hostId: number, createdByName: string, request: AgentCommandRequest) {
    return await insertCommand(tx, { hostId, request, createdByName, lifetimeSeconds: commandLifetimeSeconds }, now());
  }

  return [
    route({
      method: "post",
      path: "/api/v1/backup-repositories/:id/restores",
      summary: "Check files out, roll folders back, or restore below another directory, on the machine itself",
      access: forOperators,
      params: IdParams,
      body: RestoreRequest,
      answer: RestoreRun,
      maximumBodyBytes: 1024 * 1024,
      handle: async ({ params, body, actor, scope }) => {
        const run = await database.transaction(async (tx) => {
          const repository = await findRepository(tx, scope, params.id, now());
          const { hostId, hostName, path } = repository;
          const host = hostId === null ? undefined : await findCommandHost(tx, scope, hostId);
          if (host === undefined) {
            throw new ConflictError(
              `"${hostName}" is not here any more; the recovery kit brings its files back elsewhere`,
            );
          }
          if (!host.hasAgent) throw new ConflictError(`no agent is enrolled on "${host.name}" that could write there`);
          if ((await countUnderWay(tx, repository.id)) >= maximumUnderWay) {
            throw new TooManyRequestsError(`${maximumUnderWay} restores of this repository wait already`, 30);
          }
          const asked = { repositoryId: repository.id, hostId: host.id, requestedByName: actor.name, request: body };
          const { id, runId } = await insertRestoreRun(tx, asked, now());
          const command = { kind: "restore" as const, runId, repositoryId: repository.id };
          const commandId = await sendTo(tx, host.id, actor.name, command);
          await tx.updateTable("restore_run").set({ command_id: commandId }).where("id", "=", id).execute();
          await audit.record(tx, {
            actor,
            action: "restore-run.create",
            resourceKind: "restore-run",
            resourceId: id,
            resourceName: path,
            after: { hostName, ...body, paths: body.paths.slice(0, auditedPaths), pathCount: body.paths.length },
          });
          return await findRestoreRun(tx, scope, id, live);
        });
        wake();
        changes.publish("restore-runs", [run.id]);
        return new Reply(201, run);
      },
    }),
    route({
      method: "get",
      path: "/api/v1/restore-runs",
      summary: "List checkouts, rollbacks and restores, newest first, those under way with their progress",
      access: forViewers,
      query: ListQuery,
      filter: RestoreRunFilter,
      answer: listAnswer(RestoreRun),
      handle: ({ query, scope }) => listRestoreRuns(db, scope, query, live),
    }),
    route({
      method: "get",
      path: "/api/v1/restore-runs/:id",
      summary: "Show a checkout, rollback or restore, with its plan",
      access: forViewers,
      params: IdParams,
      answer: RestoreRun,
      handle: ({ params, scope }) => findRestoreRun(db, scope, params.id, live),
    }),
    route({
      method: "post",
      path: "/api/v1/restore-runs/:id/cancel",
      summary: "End a checkout, rollback or restore that is under way; what is written stays",
      access: forOperators,
      params: IdParams,
      answer: RestoreRun,
      handle: async ({ params, actor, scope }) => {
        const run = await database.transaction(async (tx) => {
          const { phase, hostId, runId, startedAtMs, hostName, id } = await findRestoreRun(tx, scope, params.id, live);
          if (isRestoreOver(phase)) throw new ConflictError(`restore run ${id} is over`);
          if (startedAtMs === null || hostId === null) {
            // No agent has taken it, and one that comes now is told that it is over.
            await tx
              .updateTable("restore_run")
              .set({ phase: "cancelled", finished_at_ms: now(), message: `cancelled by ${actor.name}` })
              .where("id", "=", id)
              .where("started_at_ms", "is", null)
              .execute();
          }
          if (hostId !== null) await sendTo(tx, hostId, actor.name, { kind: "restore-cancel", runId });
          await audit.record(tx, {
            actor,
            action: "restore-run.cancel",
            resourceKind: "restore-run",
            resourceId: id,
            resourceName: hostName,
            before: { phase },
          });
          return await findRestoreRun(tx, scope, id, live);
        });
        wake();
        changes.publish("restore-runs", [run.id]);
        return run;
      },
    }),
  ];
}
