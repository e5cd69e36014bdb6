import { BackupRunPhase, isEndPhase } from "@mycloud/protocol/backup-run";
import type { Dialect, Executor } from "../database/dialect/dialect.ts";
import { InputError } from "../error/index.ts";

/** What every message of an agent says of its run. */
export interface RunIdentity {
  readonly repositoryId: number;
  readonly trigger: string;
  readonly startedAtMs: number;
  readonly agentVersion: string;
}

/** A repository as a run needs it. */
export interface RunRepository {
  readonly id: number;
  readonly path: string;
  readonly storageName: string;
  readonly keyMode: string;
  readonly policyId: number | null;
  readonly isAssigned: boolean;
  readonly hostName: string;
}

/** The repository, when it is this host's. Throws InputError for another's: an agent that asks again gets no other answer. */
export async function findRunRepository(tx: Executor, hostId: number, repositoryId: number): Promise<RunRepository> {
  const row = await tx
    .selectFrom("backup_repository")
    .select(["id", "path", "storage_name", "key_mode", "policy_id", "assigned_at_ms", "host_name"])
    .where("id", "=", repositoryId)
    .where("host_id", "=", hostId)
    .executeTakeFirst();
  if (row === undefined) {
    const message = `this host has no backup repository ${repositoryId}`;
    throw new InputError(message, [{ field: "repositoryId", value: String(repositoryId), message }]);
  }
  return {
    id: row.id,
    path: row.path,
    storageName: row.storage_name,
    keyMode: row.key_mode,
    policyId: row.policy_id,
    isAssigned: row.assigned_at_ms !== null,
    hostName: row.host_name,
  };
}

export interface KnownRun {
  readonly id: number;
  readonly hasEnded: boolean;
}

/**
 * The run of this UUID, locked until the transaction ends; made when it is new. Runs of the repository that began before it and were never heard
 * of again end with that: an agent has one run of a job at a time. Throws InputError when the UUID is another repository's run.
 */
export async function ensureRun(
  tx: Executor,
  dialect: Dialect,
  uuid: string,
  hostId: number,
  identity: RunIdentity,
  nowMs: number,
): Promise<KnownRun> {
  const isNew = await dialect.insertIfAbsent(tx, "backup_run", {
    uuid,
    repository_id: identity.repositoryId,
    host_id: hostId,
    begun_by: identity.trigger,
    phase: "waiting",
    started_at_ms: Math.min(identity.startedAtMs, nowMs),
    finished_at_ms: null,
    heard_at_ms: nowMs,
    snapshots_json: "[]",
    figures_json: "{}",
    unreadable_count: 0,
    message: null,
    agent_version: identity.agentVersion,
    progress_json: null,
  });
  const row = await tx
    .selectFrom("backup_run")
    .select(["id", "phase", "repository_id"])
    .where("uuid", "=", uuid)
    .modifyEnd(dialect.forUpdate)
    .executeTakeFirstOrThrow();
  if (row.repository_id !== identity.repositoryId) {
    const message = "is the run of another repository";
    throw new InputError(`runId ${message}`, [{ field: "runId", value: uuid, message }]);
  }
  if (isNew) {
    await tx
      .updateTable("backup_run")
      .set({
        phase: "failed",
        finished_at_ms: nowMs,
        message: "the agent began another run; nothing was heard of the end of this one",
        progress_json: null,
      })
      .where("repository_id", "=", identity.repositoryId)
      .where("id", "!=", row.id)
      .where("started_at_ms", "<=", identity.startedAtMs)
      .where("phase", "not in", BackupRunPhase.options.filter(isEndPhase))
      .execute();
  }
  return { id: row.id, hasEnded: isEndPhase(BackupRunPhase.parse(row.phase)) };
}
