import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import type { SnapshotId } from "@mycloud/protocol/snapshot-view";
import { findRepository } from "../backup-repository/store.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Actor } from "../http/actor.ts";
import type { Slots } from "../http/slots.ts";
import type { Scope } from "../scope/index.ts";
import type { AskRepository } from "../snapshot-view/ask-repository.ts";
import type { StaffAccess } from "../staff-access/index.ts";
import type { SnapshotFinder } from "./snapshot-finder.ts";
import type { SnapshotReference } from "./snapshot-reference.ts";

/** What looking into snapshots takes, for people's routes and for WebDAV alike. */
export interface Viewing {
  readonly database: ConnectedDatabase;
  readonly ask: AskRepository;
  readonly finder: SnapshotFinder;
  readonly slots: Slots;
  readonly staff: StaffAccess;
  readonly now: () => number;
}

/** Who looks, and how far they may. */
export interface Onlooker {
  readonly actor: Actor;
  readonly scope: Scope;
  readonly signal: AbortSignal;
}

/** Names and sizes are shown page by page: an hour of looking around is one entry. */
const noteBrowsingEveryMs = 60 * 60_000;

/** A repository within scope. Throws NotFoundError. */
export async function repositoryOf(viewing: Viewing, { scope }: Onlooker, id: number): Promise<BackupRepository> {
  return await findRepository(viewing.database.db, scope, id, viewing.now());
}

/** A repository within scope and the full id of a snapshot of it. Throws NotFoundError, ConflictError. */
export async function snapshotOf(
  viewing: Viewing,
  onlooker: Onlooker,
  repositoryId: number,
  reference: SnapshotReference,
): Promise<{ readonly repository: BackupRepository; readonly snapshotId: SnapshotId }> {
  const repository = await repositoryOf(viewing, onlooker, repositoryId);
  return { repository, snapshotId: await viewing.finder.find(repository.id, reference, onlooker.signal) };
}

/** Notes that staff look at names in a customer's snapshots. */
export async function noteBrowsing(
  { staff }: Viewing,
  { actor }: Onlooker,
  repository: BackupRepository,
): Promise<void> {
  await staff.note(actor, {
    customer: repository.customer,
    action: "snapshot.browse",
    resourceKind: "backup-repository",
    resourceId: repository.id,
    resourceName: repository.path,
    detail: { hostName: repository.hostName, policyName: repository.policyName },
    onceInMs: noteBrowsingEveryMs,
  });
}
