import { BackupRunError } from "@mycloud/protocol/backup-run";
import {
  isRestoreOver,
  RestorePhase,
  RestorePlan,
  type RestoreProgress,
  RestoreRequest,
  type RestoreRun,
} from "@mycloud/protocol/restore-run";
import type { Selectable } from "kysely";
import { z } from "zod";
import type { RestoreRunTable } from "../database/schema.ts";

/** What is counted of a run. */
export const StoredFigures = z.object({
  filesDone: z.number().default(0),
  filesTotal: z.number().default(0),
  bytesDone: z.number().default(0),
  bytesTotal: z.number().default(0),
  bytesPerSecond: z.number().nullable().default(null),
  remainingSeconds: z.number().nullable().default(null),
  currentPath: z.string().nullable().default(null),
  errorCount: z.number().default(0),
});
export type StoredFigures = z.infer<typeof StoredFigures>;

/** A run's newest progress, which a control plane holds for a few seconds before it writes it down. */
export interface ShownRestore extends StoredFigures {
  readonly phase: RestorePhase;
  readonly message: string | null;
}

export type RestoreRow = Selectable<RestoreRunTable> & { readonly host_name: string };

/** What people see of an agent's progress. Pure. */
export function shownOf(progress: RestoreProgress): ShownRestore {
  return { ...StoredFigures.parse(progress), phase: progress.phase, message: progress.message };
}

/** A row as people see it; a plan's paths only where `withPaths` says so. Pure. */
export function toRestoreRun(row: RestoreRow, live: ShownRestore | undefined, withPaths: boolean): RestoreRun {
  const phase = RestorePhase.parse(row.phase);
  const isOver = isRestoreOver(phase);
  const shown = isOver ? undefined : live;
  const figures = shown ?? StoredFigures.parse(JSON.parse(row.figures_json));
  const plan = row.plan_json === null ? null : RestorePlan.parse(JSON.parse(row.plan_json));
  return {
    id: row.id,
    runId: row.uuid,
    repositoryId: row.repository_id,
    hostId: row.host_id,
    hostName: row.host_name,
    request: RestoreRequest.parse(JSON.parse(row.request_json)),
    phase: shown?.phase ?? phase,
    plan: plan === null || withPaths ? plan : { ...plan, actions: [] },
    safetySnapshotId: row.safety_snapshot_id,
    filesDone: figures.filesDone,
    filesTotal: figures.filesTotal,
    bytesDone: figures.bytesDone,
    bytesTotal: figures.bytesTotal,
    bytesPerSecond: isOver ? null : figures.bytesPerSecond,
    remainingSeconds: isOver ? null : figures.remainingSeconds,
    currentPath: isOver ? null : figures.currentPath,
    errorCount: figures.errorCount,
    errors: z.array(BackupRunError).parse(JSON.parse(row.errors_json)),
    message: shown?.message ?? row.message,
    requestedByName: row.requested_by_name,
    createdAtMs: row.created_at_ms,
    startedAtMs: row.started_at_ms,
    finishedAtMs: row.finished_at_ms,
  };
}
