import { judgeChange } from "@mycloud/checks/backup-change";
import type { BackupDrill } from "@mycloud/protocol/backup-drill";
import type { AccountMails } from "../account-mail/index.ts";
import type { AuditLog } from "../audit/index.ts";
import { freezeRepository, retentionEveryMs } from "../backup-maintenance/index.ts";
import type { EndedRun, FollowOutcome } from "../backup-run/index.ts";
import { sizeInWords } from "../backup-run/size-in-words.ts";
import type { Executor } from "../database/dialect/dialect.ts";
import { systemActor } from "../http/actor.ts";
import { findChangeHistory } from "./change-history.ts";

export interface FollowOutcomeDependencies {
  readonly audit: AuditLog;
  readonly mails: AccountMails;
  readonly now: () => number;
}

interface Repository {
  readonly id: number;
  readonly customer: string | null;
  readonly host_name: string;
  readonly policy_name: string;
  readonly path: string;
}

/** What the end of a run means: a change that looks like an attack freezes the repository, a drill is kept, the first backup and a drill that failed are told of. */
export function createFollowOutcome({ audit, mails, now }: FollowOutcomeDependencies): FollowOutcome {
  async function freezeWhenAttacked(tx: Executor, repository: Repository, run: EndedRun): Promise<void> {
    const { change, startedAtMs } = run.outcome;
    if (change === null) return;
    const { isAttack, reasons } = judgeChange(change, startedAtMs, await findChangeHistory(tx, repository.id, run.id));
    if (!isAttack) return;
    const reason = reasons.join("; ").slice(0, 1000);
    if (!(await freezeRepository(tx, repository.id, { reason, runId: run.id }, now()))) return;
    await audit.record(tx, {
      actor: systemActor,
      action: "backup-repository.freeze",
      resourceKind: "backup-repository",
      resourceId: repository.id,
      resourceName: repository.path,
      after: { reason, runId: run.outcome.runId },
    });
  }

  async function keepDrill(tx: Executor, repository: Repository, drill: BackupDrill): Promise<void> {
    await tx
      .updateTable("backup_repository")
      .set({ drilled_at_ms: drill.finishedAtMs, drill_json: JSON.stringify(drill), drill_asked_at_ms: null })
      .where("id", "=", repository.id)
      .execute();
    if (drill.faultCount === 0 || repository.customer === null) return;
    const [first] = drill.faults;
    await mails.toMembers(tx, repository.customer, {
      kind: "drill-failed",
      subject: `A trial restore of ${repository.host_name} failed`,
      paragraphs: [
        `Some files of ${repository.host_name} were restored for a trial, and ${drill.faultCount} of ${drill.files} did not come back as they were backed up.`,
        "The backup is being looked into; the next backup stores again what is damaged and still on the machine.",
      ],
      details: [
        ["Machine", repository.host_name],
        ["Backup", repository.policy_name],
        ["When", { atMs: drill.finishedAtMs }],
        ["Snapshot", drill.snapshotId.slice(0, 8)],
        ...(first === undefined ? [] : [["First file", `${first.path}: ${first.message}`] as [string, string]]),
      ],
      action: null,
    });
  }

  async function tellFirst(tx: Executor, repository: Repository, { outcome }: EndedRun): Promise<void> {
    if (repository.customer === null) return;
    const { totalFiles, totalBytes } = outcome.figures;
    await mails.toMembers(tx, repository.customer, {
      kind: "first-backup",
      subject: `${repository.host_name} is backed up for the first time`,
      paragraphs: [`The first backup of ${repository.host_name} is done. From now on it runs by itself.`],
      details: [
        ["Machine", repository.host_name],
        ["Backup", repository.policy_name],
        ["When", { atMs: Math.min(outcome.finishedAtMs, now()) }],
        ...(totalFiles === undefined ? [] : [["Files", String(totalFiles)] as [string, string]]),
        ...(totalBytes === undefined ? [] : [["Size", sizeInWords(totalBytes)] as [string, string]]),
      ],
      action: null,
    });
  }

  return async (tx, run) => {
    const { outcome } = run;
    const repository = await tx
      .selectFrom("backup_repository")
      .select(["id", "customer", "host_name", "policy_name", "path", "key_mode"])
      .where("id", "=", run.repositoryId)
      .executeTakeFirst();
    if (repository === undefined) return;
    if (outcome.phase === "done" && repository.key_mode === "private") {
      // What its host prunes by itself, it does once a day.
      const due = { maintenance_due_at_ms: now() + retentionEveryMs };
      await tx
        .updateTable("backup_repository")
        .set(due)
        .where("id", "=", repository.id)
        .where((eb) => eb.or([eb("maintenance_due_at_ms", "is", null), eb("maintenance_due_at_ms", "<=", now())]))
        .execute();
    }
    await freezeWhenAttacked(tx, repository, run);
    if (outcome.drill !== null) await keepDrill(tx, repository, outcome.drill);
    if (run.isFirst && outcome.phase === "done" && outcome.snapshots.length > 0) await tellFirst(tx, repository, run);
  };
}
