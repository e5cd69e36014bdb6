import { BackupMaintenanceRun, BackupMaintenanceRunFilter } from "@mycloud/protocol/backup-maintenance";
import { BackupRepository } from "@mycloud/protocol/backup-repository";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { z } from "zod";
import type { AuditLog } from "../audit/index.ts";
import { findRepository } from "../backup-repository/store.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { ConflictError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import { releaseFreeze } from "./freeze.ts";
import { listMaintenanceRuns } from "./store.ts";

export interface MaintenanceRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
}

/** What people see of maintenance, and what they can ask for. */
export function createMaintenanceRoutes({ database, audit, changes, now }: MaintenanceRoutesDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/backup-maintenance-runs",
      summary: "List what was done to backup repositories: retention, holds, examinations; newest first",
      access: forViewers,
      query: ListQuery,
      filter: BackupMaintenanceRunFilter,
      answer: listAnswer(BackupMaintenanceRun),
      handle: ({ query, scope }) => listMaintenanceRuns(database.db, scope, query),
    }),
    route({
      method: "post",
      path: "/api/v1/backup-repositories/:id/maintain",
      summary:
        "Have the retention of a backup repository applied soon, or by its host in its next run, and not only when it is due",
      access: forOperators,
      params: IdParams,
      answer: BackupRepository,
      handle: async ({ params, actor, scope }) => {
        const repository = await database.transaction(async (tx) => {
          const found = await findRepository(tx, scope, params.id, now());
          await refuseUnprunable(tx, found);
          const { id: resourceId, path: resourceName } = found;
          const due = { maintenance_due_at_ms: now() };
          await tx.updateTable("backup_repository").set(due).where("id", "=", resourceId).execute();
          const about = { resourceKind: "backup-repository", resourceId, resourceName };
          await audit.record(tx, { actor, action: "backup-repository.maintain", ...about });
          return found;
        });
        changes.publish("backup-runs", null);
        return repository;
      },
    }),
    route({
      method: "post",
      path: "/api/v1/backup-repositories/:id/release-freeze",
      summary: "Say that a suspicious change was meant: pruning goes on, and the holds it caused are taken away",
      access: forOperators,
      params: IdParams,
      answer: BackupRepository,
      handle: async ({ params, actor, scope }) => {
        const repository = await database.transaction(async (tx) => {
          const before = await findRepository(tx, scope, params.id, now());
          if (!(await releaseFreeze(tx, before.id))) throw new ConflictError("the repository is not frozen");
          await audit.record(tx, {
            actor,
            action: "backup-repository.release-freeze",
            resourceKind: "backup-repository",
            resourceId: before.id,
            resourceName: before.path,
            before: { frozenAtMs: before.frozenAtMs, frozenReason: before.frozenReason },
          });
          return await findRepository(tx, scope, params.id, now());
        });
        changes.publish("backup-runs", null);
        return repository;
      },
    }),
  ];
}

const Spec = z.object({ pruneByHost: z.boolean().default(false) });

async function refuseUnprunable(tx: Executor, repository: BackupRepository): Promise<void> {
  const { id, keyMode, isAssigned, frozenAtMs } = repository;
  if (!isAssigned) throw new ConflictError("no policy says any more what is kept of this repository");
  if (frozenAtMs !== null) throw new ConflictError("the repository is frozen: release it first");
  if (keyMode !== "private") return;
  const row = await tx
    .selectFrom("backup_repository")
    .innerJoin("definition", "definition.id", "backup_repository.policy_id")
    .select("spec_json")
    .where("backup_repository.id", "=", id)
    .executeTakeFirst();
  if (Spec.parse(JSON.parse(row?.spec_json ?? "{}")).pruneByHost) return;
  throw new ConflictError("only the host of a private repository has its key, and its policy does not say pruneByHost");
}
