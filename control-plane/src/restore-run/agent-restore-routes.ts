import {
  RestoreCredentials,
  RestoreCredentialsRequest,
  RestoreProgress,
  RestoreRequest,
  RestoreRunOutcome,
  RestoreRunReceipt,
  restorePhasesUnderWay,
} from "@mycloud/protocol/restore-run";
import { z } from "zod";
import { managedPassword } from "../backup-repository/managed-password.ts";
import { findStorageServer } from "../backup-repository/store.ts";
import { findRunRepository } from "../backup-run/agent-run-store.ts";
import type { LiveRuns } from "../backup-run/live-progress.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { AuthenticationError, ConflictError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { forAgents, type Route, route } from "../http/route.ts";
import type { Sealer } from "../sealing/index.ts";
import type { StorageSigner } from "../storage-capability/index.ts";
import { isOver, lockRestoreRun } from "./agent-restore-store.ts";
import { type ShownRestore, StoredFigures, shownOf } from "./stored-restore.ts";
import { takeRestoreOutcome } from "./take-restore-outcome.ts";

export interface AgentRestoreRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly changes: ChangeBus;
  readonly sealer: Sealer;
  readonly signer: StorageSigner;
  readonly live: LiveRuns<ShownRestore>;
  readonly now: () => number;
}

const RunParams = z.object({ runId: z.uuid() });
const tokenLifetimeMs = 15 * 60_000;

/** What agents say of restores. */
export function createAgentRestoreRoutes(deps: AgentRestoreRoutesDependencies): Route[] {
  const { database, changes, sealer, signer, live, now } = deps;
  const publish = (id: number) => changes.publish("restore-runs", [id]);
  return [
    route({
      method: "post",
      path: "/api/v1/agent/restore-runs/:runId/credentials",
      summary: "Begin a checkout, rollback or restore that was asked for, or renew its token",
      access: forAgents,
      params: RunParams,
      body: RestoreCredentialsRequest,
      answer: RestoreCredentials,
      maximumBodyBytes: 16 * 1024,
      handle: async ({ params: { runId }, body, actor }) => {
        const hostId = hostOf(actor);
        const begun = await database.transaction(async (tx) => {
          const repository = await findRunRepository(tx, hostId, body.repositoryId);
          const storage = await findStorageServer(tx, repository.storageName);
          if (storage === undefined) {
            throw new ConflictError(`the storage server "${repository.storageName}" is not defined any more`);
          }
          const run = await lockRestoreRun(tx, database.dialect, runId, hostId, repository.id);
          if (isOver(run)) throw new ConflictError("this run is over");
          await tx
            .updateTable("restore_run")
            .set({ started_at_ms: run.started_at_ms ?? Math.min(body.startedAtMs, now()), heard_at_ms: now() })
            .where("id", "=", run.id)
            .execute();
          const password = repository.keyMode === "managed" ? await managedPassword(tx, sealer, repository.id) : null;
          return { repository, storage, run, password };
        });
        const { repository, storage, run, password } = begun;
        publish(run.id);
        const { token, expiresAtMs } = await signer.mint({
          repository: repository.path,
          // A reader's lock is an object, and a rollback takes a snapshot first.
          verbs: ["read", "append"],
          quotaBytes: null,
          lifetimeMs: tokenLifetimeMs,
          subject: `${repository.hostName}, restore ${runId}`,
        });
        return {
          location: `rest:${storage.url}/${repository.path}/`,
          certificateAuthority: storage.certificateAuthority,
          token,
          tokenExpiresAtMs: expiresAtMs,
          password,
          request: RestoreRequest.parse(JSON.parse(run.request_json)),
        } satisfies RestoreCredentials;
      },
    }),
    route({
      method: "post",
      path: "/api/v1/agent/restore-runs/:runId/progress",
      summary: "Tell how far a checkout, rollback or restore is",
      access: forAgents,
      params: RunParams,
      body: RestoreProgress,
      // A plan has up to a thousand paths.
      maximumBodyBytes: 4 * 1024 * 1024,
      handle: async ({ params: { runId }, body, actor }) => {
        const row = await database.db
          .selectFrom("restore_run")
          .select(["id", "phase", "plan_json", "safety_snapshot_id"])
          .where("uuid", "=", runId)
          .where("host_id", "=", hostOf(actor))
          .executeTakeFirst();
        // Progress that comes after the end is old, and nobody has to hear that.
        if (row === undefined || isOver(row)) return;
        const shown = shownOf(body);
        const isDue = live.note(runId, shown, now());
        const plan = row.plan_json === null && body.plan !== null ? { plan_json: JSON.stringify(body.plan) } : {};
        const safety = body.safetySnapshotId === null ? {} : { safety_snapshot_id: body.safetySnapshotId };
        if (isDue || body.plan !== null || row.safety_snapshot_id !== body.safetySnapshotId) {
          await database.db
            .updateTable("restore_run")
            .set({
              phase: body.phase,
              message: body.message,
              figures_json: JSON.stringify(StoredFigures.parse(body)),
              heard_at_ms: now(),
              ...plan,
              ...safety,
            })
            .where("id", "=", row.id)
            .where("phase", "in", [...restorePhasesUnderWay])
            .execute();
        }
        publish(row.id);
      },
    }),
    route({
      method: "post",
      path: "/api/v1/agent/restore-runs",
      summary: "Tell how a checkout, rollback or restore ended; a run counts once",
      access: forAgents,
      body: RestoreRunOutcome,
      answer: RestoreRunReceipt,
      maximumBodyBytes: 4 * 1024 * 1024,
      handle: async ({ body, actor }) => {
        const { id, isDuplicate } = await takeRestoreOutcome(database, hostOf(actor), body, now());
        live.end(body.runId);
        if (!isDuplicate) publish(id);
        return { isDuplicate };
      },
    }),
  ];
}

function hostOf({ hostId }: Actor): number {
  if (hostId === null) throw new AuthenticationError("only an enrolled agent may do this");
  return hostId;
}
