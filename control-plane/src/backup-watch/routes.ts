import { AgentCommand } from "@mycloud/protocol/agent";
import { BackupRepository } from "@mycloud/protocol/backup-repository";
import type { AuditLog } from "../audit/index.ts";
import { findRepository, findStorageServer } from "../backup-repository/store.ts";
import type { SendBackupCommand } from "../backup-run/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError, UnavailableError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, Reply, type Route, route } from "../http/route.ts";
import type { StorageSigner } from "../storage-capability/index.ts";
import { askStorage } from "../storage-watch/ask-storage.ts";

export interface WatchRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly signer: StorageSigner;
  readonly sendCommand: SendBackupCommand;
  /** A scrub was begun: what it finds is to be told soon. */
  readonly awaitScrub: () => void;
  readonly now: () => number;
}

const tokenLifetimeMs = 60_000;

/** What people ask for of what is watched: a trial restore now, a scrub now. */
export function createWatchRoutes({ database, audit, signer, ...deps }: WatchRoutesDependencies): Route[] {
  const { sendCommand, awaitScrub, now } = deps;
  return [
    route({
      method: "post",
      path: "/api/v1/backup-repositories/:id/drill",
      summary: "Have a host back up now and restore a sample for a trial; answers the command to follow",
      access: forOperators,
      params: IdParams,
      answer: AgentCommand,
      handle: async ({ params, actor, scope }) => {
        const repository = await findRepository(database.db, scope, params.id, now());
        const { id, hostId, hostName, path, isAssigned } = repository;
        if (hostId === null) throw new ConflictError("the host of this repository was deleted");
        // A trial rides on a backup, and without a policy there is none.
        if (!isAssigned) {
          const words = `no policy backs "${hostName}" up into this repository any more, and a trial restore follows a backup`;
          throw new ConflictError(`${words}; bring something of it back by hand, or have a policy use it again`);
        }
        await database.transaction(async (tx) => {
          await tx.updateTable("backup_repository").set({ drill_asked_at_ms: now() }).where("id", "=", id).execute();
          const about = { resourceKind: "backup-repository", resourceId: id, resourceName: path };
          await audit.record(tx, { actor, action: "backup-repository.drill", ...about });
        });
        return new Reply(201, await sendCommand({ actor, scope }, hostId, { kind: "backup-now", repositoryId: id }));
      },
    }),
    route({
      method: "post",
      path: "/api/v1/backup-repositories/:id/scrub",
      summary: "Have the storage server read every byte of a backup repository again",
      access: forOperators,
      params: IdParams,
      answer: BackupRepository,
      handle: async ({ params, actor, scope, signal }) => {
        const repository = await findRepository(database.db, scope, params.id, now());
        const { id, path, storageName } = repository;
        const storage = await findStorageServer(database.db, storageName);
        if (storage === undefined)
          throw new ConflictError(`the storage server "${storageName}" is not defined any more`);
        const { token } = await signer.mint({
          repository: path,
          verbs: ["read", "maintain"],
          quotaBytes: null,
          lifetimeMs: tokenLifetimeMs,
          subject: `scrub, ${actor.name}`,
        });
        try {
          await askStorage(storage, { method: "POST", path: `/${path}/scrub`, token, signal });
        } catch (error) {
          const words = error instanceof Error ? error.message : String(error);
          throw new UnavailableError(`the storage server "${storageName}" does not do it: ${words}`);
        }
        const about = { resourceKind: "backup-repository", resourceId: id, resourceName: path };
        await audit.record(database.db, { actor, action: "backup-repository.scrub", ...about });
        awaitScrub();
        return repository;
      },
    }),
  ];
}
