import type { PastChange } from "@mycloud/checks/backup-change";
import { ChangeShape } from "@mycloud/protocol/backup-change";
import type { Executor } from "../database/dialect/dialect.ts";

/** As many as the judgement looks at. */
const most = 60;

/** How the runs of a repository before this one changed it, newest last. */
export async function findChangeHistory(
  executor: Executor,
  repositoryId: number,
  beforeRunId: number,
): Promise<PastChange[]> {
  const rows = await executor
    .selectFrom("backup_run")
    .select(["started_at_ms", "change_json"])
    .where("repository_id", "=", repositoryId)
    .where("id", "<", beforeRunId)
    .where("change_json", "is not", null)
    .orderBy("id", "desc")
    .limit(most)
    .execute();
  return rows
    .map((row) => ({ atMs: row.started_at_ms, shape: ChangeShape.parse(JSON.parse(row.change_json ?? "null")) }))
    .reverse();
}
