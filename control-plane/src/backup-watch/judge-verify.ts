import type { DamagedObject } from "@mycloud/protocol/backup-maintenance";
import { formatDuration } from "../notification/mail/format-time.ts";
import { resultOf, type ServiceResult } from "./service-result.ts";

export interface VerifyFacts {
  /** When the storage server last told. Null: never. */
  readonly seenAtMs: number | null;
  /** When it had last read everything. */
  readonly scrubbedAtMs: number | null;
  readonly damaged: readonly DamagedObject[];
  /** What a repository that was never read whole counts from. */
  readonly createdAtMs: number;
}

const dayMs = 86_400_000;
const warningDays = 30;
const criticalDays = 60;
const silentMs = 3_600_000;
const namedFiles = 3;

/** Tells how long ago every byte was read again, and what was found damaged, with the files and snapshots that are hit. Pure. */
export function judgeVerify(
  { seenAtMs, scrubbedAtMs, damaged, createdAtMs }: VerifyFacts,
  nowMs: number,
): ServiceResult {
  const ageMs = Math.max(0, nowMs - (scrubbedAtMs ?? createdAtMs));
  const seconds = (days: number) => (days * dayMs) / 1000;
  const files = damaged.reduce((sum, { fileCount }) => sum + fileCount, 0);
  const perfdata = [
    `scrub_age=${Math.floor(ageMs / 1000)}s;${seconds(warningDays)};${seconds(criticalDays)};0`,
    `bad_objects=${damaged.length};;0;0`,
    `files_affected=${files};;0;0`,
  ];
  const title = "BACKUP VERIFY";
  if (damaged.length > 0) return resultOf(title, 2, damageInWords(damaged, files), perfdata);
  if (seenAtMs === null || nowMs - seenAtMs > silentMs) {
    const since = seenAtMs === null ? "yet" : `for ${formatDuration(nowMs - seenAtMs)}`;
    return resultOf(title, 3, `the storage server has told nothing ${since}`, perfdata);
  }
  const age = formatDuration(ageMs);
  const words =
    scrubbedAtMs === null ? `not read whole yet, ${age} after it was made` : `all of it was read ${age} ago`;
  const code = ageMs >= criticalDays * dayMs ? 2 : ageMs >= warningDays * dayMs ? 1 : 0;
  return resultOf(title, code, `${words}, nothing is damaged`, perfdata);
}

function damageInWords(damaged: readonly DamagedObject[], files: number): string {
  const objects = damaged.length === 1 ? "1 object is" : `${damaged.length} objects are`;
  const snapshots = new Set(damaged.flatMap((one) => one.snapshots));
  const names = damaged.flatMap((one) =>
    one.files.map(({ snapshotId, path }) => `${path} (${snapshotId.slice(0, 8)})`),
  );
  const objectNames = damaged.slice(0, 2).map(({ object }) => object.slice(0, object.indexOf("/") + 13));
  const which = `${objects} damaged: ${objectNames.join(", ")}`;
  if (snapshots.size === 0) return `${which}; what that hits is being found out, or nothing needs it`;
  const shown = names.slice(0, namedFiles).join(", ");
  const inSnapshots = `in ${snapshots.size === 1 ? "snapshot" : "snapshots"} ${[...snapshots]
    .slice(0, 4)
    .map((id) => id.slice(0, 8))
    .join(", ")}`;
  return `${which}; ${files} files are hit ${inSnapshots}: ${shown}; the next backup heals what is still on the host`;
}
