import { BackupError } from "@mycloud/backup/error";
import type { Hold } from "@mycloud/backup/hold";
import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { HoldRequest, SnapshotHold } from "@mycloud/protocol/machine";
import type { SnapshotId } from "@mycloud/protocol/snapshot-view";
import type { AuditLog } from "../audit/index.ts";
import { findRepository } from "../backup-repository/store.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError, NotFoundError, UnavailableError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import { forOperators, type Route, route } from "../http/route.ts";
import { SnapshotParams, snapshotAddress } from "../smart-view/snapshot-address.ts";
import type { SnapshotFinder } from "../smart-view/snapshot-finder.ts";
import { findHold, placeHold } from "./change-hold.ts";
import type { StorageAccess } from "./storage-access.ts";

export interface HoldRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly finder: SnapshotFinder;
  readonly withStorage: StorageAccess;
  readonly now: () => number;
}

/** Keeping snapshots, and letting them go. */
export function createHoldRoutes(deps: HoldRoutesDependencies): Route[] {
  const { database, audit, changes, finder, withStorage, now } = deps;

  /** Written first: rather an entry of something that then failed than something that nobody knows of. */
  async function note(
    actor: Actor,
    action: string,
    repository: BackupRepository,
    before: Hold | null,
    after: Hold | null,
  ): Promise<void> {
    await audit.record(database.db, {
      actor,
      action,
      resourceKind: "backup-repository",
      resourceId: repository.id,
      resourceName: repository.path,
      before,
      after,
    });
  }

  return [
    route({
      method: "put",
      path: `${snapshotAddress}/hold`,
      summary: "Keep a snapshot, whatever retention says",
      access: forOperators,
      params: SnapshotParams,
      body: HoldRequest,
      answer: SnapshotHold,
      handle: async ({ params, body: { reason, untilMs }, actor, scope, signal }): Promise<SnapshotHold> => {
        const repository = await findRepository(database.db, scope, params.id, now());
        const snapshotId = await finder.find(repository.id, params.snapshotId, signal);
        const createdAtMs = now();
        const createdBy = actor.name.slice(0, 200);
        const hold: Hold = { snapshot: snapshotId, reason, untilMs, createdAtMs, createdBy };
        // Shortening a hold is deleting one.
        await withStorage(repository, ["read", "append", "maintain"], async (storage) => {
          const before = await findHold(storage, snapshotId, signal);
          await note(actor, "snapshot.hold", repository, before, hold);
          await placeHold(storage, hold, before, signal);
        }).catch(asDomainError(snapshotId));
        changes.publish("backup-runs", null);
        return { snapshotId, reason, untilMs, createdAtMs, createdBy };
      },
    }),
    route({
      method: "delete",
      path: `${snapshotAddress}/hold`,
      summary: "Let a snapshot go that was held",
      access: forOperators,
      params: SnapshotParams,
      answer: SnapshotHold,
      handle: async ({ params, actor, scope, signal }): Promise<SnapshotHold> => {
        const repository = await findRepository(database.db, scope, params.id, now());
        const snapshotId = await finder.find(repository.id, params.snapshotId, signal);
        const before = await withStorage(repository, ["read", "append", "maintain"], async (storage) => {
          const held = await findHold(storage, snapshotId, signal);
          if (held === null) throw new NotFoundError(`snapshot ${snapshotId} is not held`);
          await note(actor, "snapshot.release", repository, held, null);
          await storage.remove({ type: "holds", name: snapshotId }, signal);
          return held;
        }).catch(asDomainError(snapshotId));
        changes.publish("backup-runs", null);
        const { reason, untilMs, createdAtMs, createdBy } = before;
        return { snapshotId, reason, untilMs, createdAtMs, createdBy };
      },
    }),
  ];
}

/** What the storage server said, as callers of ours know it. */
function asDomainError(snapshotId: SnapshotId): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof BackupError)) throw error;
    if (error.isRetryable) throw new UnavailableError("the storage server cannot be reached at present", 10, error);
    if (error.code === "MYCLOUD_BACKUP_NOT_FOUND") throw new NotFoundError(`there is no snapshot ${snapshotId}`);
    throw new ConflictError(`the storage server refuses: ${error.message}`);
  };
}
