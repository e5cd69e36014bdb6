import {
  BackupCredentials,
  BackupCredentialsRequest,
  BackupProgress,
  BackupRunOutcome,
  BackupRunReceipt,
} from "@mycloud/protocol/backup-run";
import { z } from "zod";
import { managedPassword } from "../backup-repository/managed-password.ts";
import { findStorageServer } from "../backup-repository/store.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { AuthenticationError, ConflictError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { forAgents, type Route, route } from "../http/route.ts";
import type { Sealer } from "../sealing/index.ts";
import type { StorageSigner } from "../storage-capability/index.ts";
import { ensureRun, findRunRepository } from "./agent-run-store.ts";
import type { LiveProgress } from "./live-progress.ts";
import type { RunMetrics } from "./metrics.ts";
import { findRunTerms } from "./run-terms.ts";
import { type FollowOutcome, takeOutcome } from "./take-outcome.ts";

export interface AgentRunRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly changes: ChangeBus;
  readonly sealer: Sealer;
  readonly signer: StorageSigner;
  readonly live: LiveProgress;
  readonly followOutcome: FollowOutcome;
  readonly metrics: RunMetrics;
  readonly now: () => number;
}

const RunParams = z.object({ runId: z.uuid() });
/** A token that was stolen opens nothing for long; the agent fetches the next one while the run lives. */
const tokenLifetimeMs = 15 * 60_000;

/** What agents say of their backup runs. */
export function createAgentRunRoutes(deps: AgentRunRoutesDependencies): Route[] {
  const { database, changes, sealer, signer, live, followOutcome, metrics, now } = deps;
  const publish = (id: number) => changes.publish("backup-runs", [id]);
  return [
    route({
      method: "post",
      path: "/api/v1/agent/backup-runs/:runId/credentials",
      summary: "Begin a backup run, or renew its token",
      access: forAgents,
      params: RunParams,
      body: BackupCredentialsRequest,
      answer: BackupCredentials,
      maximumBodyBytes: 16 * 1024,
      handle: async ({ params: { runId }, body, actor }) => {
        const hostId = hostOf(actor);
        const begun = await database.transaction(async (tx) => {
          const repository = await findRunRepository(tx, hostId, body.repositoryId);
          if (!repository.isAssigned)
            throw new ConflictError("no policy backs this host up into this repository any more");
          const storage = await findStorageServer(tx, repository.storageName);
          if (storage === undefined) {
            throw new ConflictError(`the storage server "${repository.storageName}" is not defined any more`);
          }
          const run = await ensureRun(tx, database.dialect, runId, hostId, body, now());
          if (run.hasEnded) throw new ConflictError("this run is over");
          await tx.updateTable("backup_run").set({ heard_at_ms: now() }).where("id", "=", run.id).execute();
          const password = repository.keyMode === "managed" ? await managedPassword(tx, sealer, repository.id) : null;
          return { repository, storage, run, password, terms: await findRunTerms(tx, repository.id, runId, now()) };
        });
        const { repository, storage, run, password, terms } = begun;
        publish(run.id);
        const { token, expiresAtMs } = await signer.mint({
          repository: repository.path,
          verbs: terms.mayPrune ? ["read", "append", "delete"] : ["read", "append"],
          quotaBytes: terms.quotaBytes,
          lifetimeMs: tokenLifetimeMs,
          subject: `${repository.hostName}, run ${runId}`,
        });
        return {
          location: `rest:${storage.url}/${repository.path}/`,
          certificateAuthority: storage.certificateAuthority,
          token,
          tokenExpiresAtMs: expiresAtMs,
          drill: terms.drill,
          mayPrune: terms.mayPrune,
          password,
        } satisfies BackupCredentials;
      },
    }),
    route({
      method: "post",
      path: "/api/v1/agent/backup-runs/:runId/progress",
      summary: "Tell how far a backup run is",
      access: forAgents,
      params: RunParams,
      body: BackupProgress,
      maximumBodyBytes: 64 * 1024,
      handle: async ({ params: { runId }, body, actor }) => {
        const hostId = hostOf(actor);
        const row = await database.db
          .selectFrom("backup_run")
          .select(["id", "finished_at_ms"])
          .where("uuid", "=", runId)
          .where("host_id", "=", hostId)
          .executeTakeFirst();
        // Progress that comes after the end is old, and nobody has to hear that.
        if (row === undefined || row.finished_at_ms !== null) return;
        const { shown, isDue } = live.note(runId, body, now());
        if (isDue) {
          await database.db
            .updateTable("backup_run")
            .set({ phase: body.phase, progress_json: JSON.stringify(shown), heard_at_ms: now() })
            .where("id", "=", row.id)
            .where("finished_at_ms", "is", null)
            .execute();
        }
        publish(row.id);
      },
    }),
    route({
      method: "post",
      path: "/api/v1/agent/backup-runs",
      summary: "Tell how a backup run ended; a run counts once",
      access: forAgents,
      body: BackupRunOutcome,
      answer: BackupRunReceipt,
      maximumBodyBytes: 4 * 1024 * 1024,
      handle: async ({ body, actor }) => {
        const { id, isDuplicate } = await takeOutcome(database, hostOf(actor), body, now(), followOutcome);
        live.end(body.runId);
        if (!isDuplicate) {
          metrics.observe(body);
          publish(id);
        }
        return { isDuplicate };
      },
    }),
  ];
}

function hostOf({ hostId }: Actor): number {
  if (hostId === null) throw new AuthenticationError("only an enrolled agent may do this");
  return hostId;
}
