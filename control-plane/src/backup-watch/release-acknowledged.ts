import type { AuditLog } from "../audit/index.ts";
import { releaseFreeze } from "../backup-maintenance/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { systemActor } from "../http/actor.ts";

/** Releases repositories whose service `backup-change` was acknowledged after they were frozen. Answers how many. */
export async function releaseAcknowledged(database: ConnectedDatabase, audit: AuditLog): Promise<number> {
  const rows = await database.db
    .selectFrom("backup_repository")
    .innerJoin("acknowledgement", "acknowledgement.service_id", "backup_repository.change_service_id")
    .select(["backup_repository.id", "path", "author_name", "comment"])
    .where("frozen_at_ms", "is not", null)
    .whereRef("acknowledgement.created_at_ms", ">=", "frozen_at_ms")
    .execute();
  for (const { id, path, author_name: author, comment } of rows) {
    await database.transaction(async (tx) => {
      if (!(await releaseFreeze(tx, id))) return;
      await audit.record(tx, {
        actor: systemActor,
        action: "backup-repository.release-freeze",
        resourceKind: "backup-repository",
        resourceId: id,
        resourceName: path,
        after: { acknowledgedBy: author, comment },
      });
    });
  }
  return rows.length;
}
