import { BackupJob } from "@mycloud/protocol/backup-policy";
import { sql } from "kysely";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { idList } from "../monitored/index.ts";

/** The backup jobs of these hosts, by host, for their agents' configurations. */
export async function findBackupJobs(
  { db, dialect }: ConnectedDatabase,
  hostIds: readonly number[],
): Promise<ReadonlyMap<number, BackupJob[]>> {
  const rows = await db
    .selectFrom("backup_repository")
    .innerJoin("definition", "definition.id", "backup_repository.policy_id")
    .select(["backup_repository.id", "host_id", "key_mode", "definition.name", "spec_json"])
    .where("assigned_at_ms", "is not", null)
    .where(sql<boolean>`host_id in ${idList(dialect, hostIds)}`)
    .orderBy("backup_repository.id")
    .execute();
  const jobs = new Map<number, BackupJob[]>();
  for (const { id, host_id: hostId, key_mode: keyMode, name, spec_json: json } of rows) {
    if (hostId === null) continue;
    const job = BackupJob.parse({ ...JSON.parse(json), repositoryId: id, policyName: name, keyMode });
    const own = jobs.get(hostId);
    if (own === undefined) jobs.set(hostId, [job]);
    else own.push(job);
  }
  return jobs;
}
