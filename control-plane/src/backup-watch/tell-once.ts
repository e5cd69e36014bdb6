import type { AccountMails } from "../account-mail/index.ts";
import { judgeFreshness } from "../backup-run/index.ts";
import { sizeInWords } from "../backup-run/size-in-words.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { formatDuration } from "../notification/mail/format-time.ts";
import type { Mailed, WatchedJob } from "./find-watched-jobs.ts";
import { quotaWarning } from "./judge-quota.ts";

type Kind = keyof Mailed;

/** Below this a quota that was told of counts as well again. */
const quotaWell = quotaWarning - 0.05;

/** Tells a customer's people once when a backup is late or a quota near, and again only after it was well in between. */
export async function tellOnce(
  database: ConnectedDatabase,
  mails: AccountMails,
  job: WatchedJob,
  nowMs: number,
): Promise<void> {
  const share = (job.quotaBytes ?? 0) > 0 ? (job.usedBytes ?? 0) / (job.quotaBytes ?? 1) : 0;
  const freshness = judgeFreshness(job, nowMs).state;
  await follow("rpo-missed", freshness === "CRITICAL", freshness === "OK" || freshness === "none");
  await follow("quota-near", share >= quotaWarning, share < quotaWell);

  async function follow(kind: Kind, isBad: boolean, isWell: boolean): Promise<void> {
    const isTold = job.mailed[kind] !== undefined;
    if (isTold ? !isWell : !isBad) return;
    await database.transaction(async (tx) => {
      const { [kind]: _, ...rest } = job.mailed;
      const mailed = isTold ? rest : { ...job.mailed, [kind]: nowMs };
      await tx
        .updateTable("backup_repository")
        .set({ mailed_json: JSON.stringify(mailed) })
        .where("id", "=", job.id)
        .execute();
      if (isTold || job.customer === null) return;
      await mails.toMembers(tx, job.customer, { kind, ...contentOf(kind, job, nowMs), action: null });
    });
  }
}

function contentOf(kind: Kind, job: WatchedJob, nowMs: number) {
  const { hostName, policyName, lastSnapshotAtMs, rpoSeconds, usedBytes, quotaBytes } = job;
  const about: [string, string][] = [
    ["Machine", hostName],
    ["Backup", policyName],
  ];
  if (kind === "quota-near") {
    const used = `${sizeInWords(usedBytes ?? 0)} of ${sizeInWords(quotaBytes ?? 0)}`;
    return {
      subject: `The space for backups of ${hostName} runs out`,
      paragraphs: [
        `The backups of ${hostName} take ${used}. When all of it is used, new backups fail; those that are there stay.`,
      ],
      details: [...about, ["Used", used] as [string, string]],
    };
  }
  const objective = formatDuration((rpoSeconds ?? 0) * 1000);
  const { ageSeconds } = judgeFreshness(job, nowMs);
  return {
    subject: `${hostName} was not backed up in time`,
    paragraphs: [
      `The newest backup of ${hostName} is ${formatDuration(ageSeconds * 1000)} old; it should be no older than ${objective}. Is the machine on, and online?`,
      "You get another mail only when this happens again after a backup was made.",
    ],
    details: [
      ...about,
      ["Newest backup", lastSnapshotAtMs === null ? "none yet" : { atMs: lastSnapshotAtMs }] as [
        string,
        string | { atMs: number },
      ],
    ],
  };
}
