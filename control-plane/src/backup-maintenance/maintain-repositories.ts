import { MaintenanceFigures } from "@mycloud/protocol/backup-maintenance";
import type { Logger } from "pino";
import type { AuditLog } from "../audit/index.ts";
import { managedPassword } from "../backup-repository/managed-password.ts";
import { findStorageServer } from "../backup-repository/store.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { systemActor } from "../http/actor.ts";
import type { Sealer } from "../sealing/index.ts";
import type { StorageSigner } from "../storage-capability/index.ts";
import { findNextJob, type MaintenanceJob, retentionEveryMs } from "./maintenance-job.ts";
import type { MaintenanceMetrics } from "./metrics.ts";
import type { MaintenanceResult, MaintenanceWork } from "./process/message.ts";
import type { RunProcess } from "./run-process.ts";

export interface MaintenanceDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly sealer: Sealer;
  readonly signer: StorageSigner;
  readonly runProcess: RunProcess;
  readonly metrics: MaintenanceMetrics;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface Maintenance {
  /** Does what is due, one repository after the other. Call under a lease. */
  work(signal: AbortSignal): Promise<void>;
}

const tokenLifetimeMs = 15 * 60_000;
/** After a failure: the storage server is away, or somebody's lock stands. */
const restMs = { retention: 3_600_000, hold: 30_000, release: 30_000, examine: 300_000 } as const;
const examinedRestMs = 10_000;
const lookForFreezeEveryMs = 2_000;

/** Applies retention, places and removes the holds of freezes, and finds out what damaged objects hit. */
export function createMaintenance(deps: MaintenanceDependencies): Maintenance {
  const { database, changes, logger, now } = deps;
  const restingUntilMs = new Map<number, number>();

  function resting(): number[] {
    for (const [id, untilMs] of restingUntilMs) if (untilMs <= now()) restingUntilMs.delete(id);
    return [...restingUntilMs.keys()];
  }

  async function carryOut(job: MaintenanceJob, signal: AbortSignal): Promise<void> {
    const { repositoryId, kind } = job;
    const id = await begin(database, job, now());
    changes.publish("backup-runs", null);
    const log = logger.child({ repository: job.path, kind });
    try {
      const result = await inProcess(deps, job, signal);
      await end(deps, job, id, result);
      deps.metrics.observe(kind, "done");
      // What the storage server told meanwhile is examined in a moment, and never without a rest.
      if (kind === "examine") restingUntilMs.set(repositoryId, now() + examinedRestMs);
      log.info({ ...result.figures }, "backup repository maintained");
    } catch (error) {
      const message = (error instanceof Error ? error.message : String(error)).slice(0, 4000);
      restingUntilMs.set(repositoryId, now() + restMs[kind]);
      await fail(deps, job, id, message);
      deps.metrics.observe(kind, "failed");
      log.warn({ reason: message }, "backup repository could not be maintained");
      signal.throwIfAborted();
    } finally {
      changes.publish("backup-runs", null);
    }
  }

  return {
    async work(signal) {
      await giveUpInterrupted(database, now());
      for (;;) {
        signal.throwIfAborted();
        const job = await findNextJob(database, resting(), now());
        if (job === null) return;
        await carryOut(job, signal);
      }
    },
  };
}

/** Runs that a control plane left when it was killed; whoever holds the lease knows that nobody conducts them any more. */
async function giveUpInterrupted({ db }: ConnectedDatabase, nowMs: number): Promise<void> {
  await db
    .updateTable("backup_maintenance_run")
    .set({ phase: "failed", finished_at_ms: nowMs, message: "the control plane ended in the middle of it" })
    .where("phase", "=", "running")
    .execute();
}

async function begin({ db }: ConnectedDatabase, { repositoryId, kind }: MaintenanceJob, nowMs: number) {
  const values = { repository_id: repositoryId, kind, phase: "running", started_at_ms: nowMs, figures_json: "{}" };
  const inserted = await db.insertInto("backup_maintenance_run").values(values).executeTakeFirstOrThrow();
  return Number(inserted.insertId);
}

async function inProcess(deps: MaintenanceDependencies, job: MaintenanceJob, signal: AbortSignal) {
  const { database, signer, runProcess, logger } = deps;
  const storage = await findStorageServer(database.db, job.storageName);
  if (storage === undefined) throw new Error(`the storage server "${job.storageName}" is not defined any more`);
  const renewToken = async () => {
    const { token } = await signer.mint({
      repository: job.path,
      verbs: ["read", "append", "maintain"],
      quotaBytes: null,
      lifetimeMs: tokenLifetimeMs,
      subject: `maintenance: ${job.kind}`,
    });
    return token;
  };
  const task = {
    location: `rest:${storage.url}/${job.path}/`,
    certificateAuthority: storage.certificateAuthority,
    token: await renewToken(),
    work: await workOf(deps, job),
  };
  if (job.kind !== "retention") return await runProcess(task, { renewToken, signal, logger });
  const frozen = new AbortController();
  const looking = setInterval(() => {
    void isFrozen(database, job.repositoryId).then(
      (is) => is && frozen.abort(),
      () => undefined,
    );
  }, lookForFreezeEveryMs);
  try {
    return await runProcess(task, { renewToken, signal: AbortSignal.any([signal, frozen.signal]), logger });
  } catch (error) {
    throw frozen.signal.aborted ? new Error("the repository was frozen meanwhile; nothing more is removed") : error;
  } finally {
    clearInterval(looking);
  }
}

async function workOf({ database, sealer }: MaintenanceDependencies, job: MaintenanceJob): Promise<MaintenanceWork> {
  const password = () => database.transaction((tx) => managedPassword(tx, sealer, job.repositoryId));
  switch (job.kind) {
    case "retention":
      return { kind: "retention", retention: job.retention, password: await password() };
    case "hold":
      return { kind: "hold", reason: job.reason, except: [...job.suspicious] };
    case "release":
      return { kind: "release" };
    case "examine": {
      const objects = job.damaged.map(({ object, reason, foundAtMs }) => {
        const [type = "", name = ""] = object.split("/");
        return { type, name, reason, foundAtMs };
      });
      return { kind: "examine", objects, password: await password() };
    }
  }
}

async function isFrozen({ db }: ConnectedDatabase, id: number): Promise<boolean> {
  const row = await db
    .selectFrom("backup_repository")
    .select("frozen_at_ms")
    .where("id", "=", id)
    .where("frozen_at_ms", "is not", null)
    .executeTakeFirst();
  return row !== undefined;
}

async function end(
  { database, audit, now }: MaintenanceDependencies,
  job: MaintenanceJob,
  id: number,
  { figures, damaged }: MaintenanceResult,
): Promise<void> {
  await database.transaction(async (tx) => {
    await tx
      .updateTable("backup_maintenance_run")
      .set({ phase: "done", finished_at_ms: now(), figures_json: JSON.stringify(MaintenanceFigures.parse(figures)) })
      .where("id", "=", id)
      .execute();
    const repository = tx.updateTable("backup_repository").where("id", "=", job.repositoryId);
    if (job.kind === "retention") await repository.set({ maintenance_due_at_ms: now() + retentionEveryMs }).execute();
    else if (job.kind === "examine") {
      // What the server told meanwhile is examined after this.
      const told = JSON.stringify(job.damaged);
      await repository
        .set({ examine_due: 0, damaged_json: JSON.stringify(damaged ?? []) })
        .where("damaged_json", "=", told)
        .execute();
    } else {
      const work = job.kind === "hold" ? "place" : "remove";
      await repository.set({ hold_work: null }).where("hold_work", "=", work).execute();
    }
    if (job.kind !== "examine") {
      await audit.record(tx, {
        actor: systemActor,
        action: `backup-repository.${job.kind}`,
        resourceKind: "backup-repository",
        resourceId: job.repositoryId,
        resourceName: job.path,
        after: figures,
      });
    }
  });
}

async function fail(
  { database, now }: MaintenanceDependencies,
  { repositoryId, kind }: MaintenanceJob,
  id: number,
  message: string,
): Promise<void> {
  await database.transaction(async (tx) => {
    const columns = { phase: "failed", finished_at_ms: now(), message };
    await tx.updateTable("backup_maintenance_run").set(columns).where("id", "=", id).execute();
    if (kind !== "retention") return;
    const due = { maintenance_due_at_ms: now() + restMs.retention };
    await tx.updateTable("backup_repository").set(due).where("id", "=", repositoryId).execute();
  });
}
