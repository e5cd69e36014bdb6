import { BackupRunPhase, isEndPhase } from "@mycloud/protocol/backup-run";
import type { Executor } from "../database/dialect/dialect.ts";
import type { Scope } from "../scope/index.ts";

/** When a backup ran; `finishedAtMs` null while it does. */
export interface RunSpan {
  readonly hostName: string;
  readonly policyName: string;
  readonly phase: BackupRunPhase;
  readonly startedAtMs: number;
  readonly finishedAtMs: number | null;
  readonly message: string;
}

/** A run that began earlier is not looked for: the start alone has an index. */
const longestRunMs = 7 * 86_400_000;

/** The newest runs that ran at some time of the range, within scope. */
export async function findRunSpans(
  executor: Executor,
  scope: Scope,
  { fromMs, untilMs, host, limit }: { fromMs: number; untilMs: number; host: string | undefined; limit: number },
): Promise<RunSpan[]> {
  let rows = executor
    .selectFrom("backup_run")
    .innerJoin("backup_repository", "backup_repository.id", "backup_run.repository_id")
    .select(["host_name", "policy_name", "phase", "started_at_ms", "finished_at_ms", "message"])
    .where("started_at_ms", "<", untilMs)
    .where("started_at_ms", ">=", Math.max(0, fromMs - longestRunMs))
    .where((eb) => eb.or([eb("finished_at_ms", "is", null), eb("finished_at_ms", ">=", fromMs)]));
  if (scope.kind === "customer") rows = rows.where("backup_repository.customer", "=", scope.customer);
  if (host !== undefined) rows = rows.where("host_name", "=", host);
  const found = await rows.orderBy("started_at_ms", "desc").orderBy("backup_run.id", "desc").limit(limit).execute();
  return found.map((row) => {
    const phase = BackupRunPhase.parse(row.phase);
    return {
      hostName: row.host_name,
      policyName: row.policy_name,
      phase,
      startedAtMs: row.started_at_ms,
      finishedAtMs: isEndPhase(phase) ? row.finished_at_ms : null,
      message: row.message ?? "",
    };
  });
}
