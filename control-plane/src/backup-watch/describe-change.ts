import { judgeChange } from "@mycloud/checks/backup-change";
import { ChangeShape } from "@mycloud/protocol/backup-change";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { findChangeHistory } from "./change-history.ts";
import type { WatchedJob } from "./find-watched-jobs.ts";
import { resultOf, type ServiceResult } from "./service-result.ts";

/** What the service `backup-change` says: CRITICAL for as long as the repository is frozen, whatever came after; else how the newest run changed it. Null: nothing can be said. */
export async function describeChange({ db }: ConnectedDatabase, job: WatchedJob): Promise<ServiceResult | null> {
  const newest = await db
    .selectFrom("backup_run")
    .select(["id", "started_at_ms", "change_json"])
    .where("repository_id", "=", job.id)
    .where("change_json", "is not", null)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined) {
    if (job.lastSnapshotAtMs === null) return null;
    return resultOf("BACKUP CHANGE", 0, "there is nothing to compare with yet", []);
  }
  const shape = ChangeShape.parse(JSON.parse(newest.change_json ?? "null"));
  const judged = judgeChange(shape, newest.started_at_ms, await findChangeHistory(db, job.id, newest.id));
  if (job.frozenAtMs !== null) {
    const [, perfdata = ""] = judged.output.split(" | ");
    const words = `${job.frozenReason}; nothing is pruned and snapshots are held until this is acknowledged or the freeze released`;
    return resultOf("BACKUP CHANGE", 2, words, [perfdata]);
  }
  // Somebody said that it was meant.
  if (judged.isAttack) {
    const [text = "", perfdata = ""] = judged.output.split(" | ");
    const words = `released: ${text.replace(/^BACKUP CHANGE [A-Z]+ - /, "")}`;
    return resultOf("BACKUP CHANGE", 0, words, [perfdata]);
  }
  const returnCode = judged.state === "CRITICAL" ? 2 : judged.state === "WARNING" ? 1 : 0;
  return { returnCode, output: judged.output };
}
