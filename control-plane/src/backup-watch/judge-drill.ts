import type { BackupDrill } from "@mycloud/protocol/backup-drill";
import { sizeInWords } from "../backup-run/size-in-words.ts";
import { formatDuration } from "../notification/mail/format-time.ts";
import { resultOf, type ServiceResult } from "./service-result.ts";

export interface DrillFacts {
  readonly drill: BackupDrill | null;
  readonly everySeconds: number;
  readonly rtoSeconds: number | null;
  readonly assignedAtMs: number;
}

/** Overdue by so much of the interval: a drill follows the next run, and that may be a while. */
const warningAfter = 1.5;
const criticalAfter = 2;

/** Holds the newest drill against its interval and the objective (RTO): CRITICAL when a file did not come back as it was. Pure. */
export function judgeDrill(
  { drill, everySeconds, rtoSeconds, assignedAtMs }: DrillFacts,
  nowMs: number,
): ServiceResult {
  const ageSeconds = Math.max(0, Math.floor((nowMs - (drill?.finishedAtMs ?? assignedAtMs)) / 1000));
  const warnSeconds = Math.floor(everySeconds * warningAfter);
  const criticalSeconds = everySeconds * criticalAfter;
  const perfdata = [`age=${ageSeconds}s;${warnSeconds};${criticalSeconds};0`];
  const overdue = ageSeconds >= criticalSeconds ? 2 : ageSeconds >= warnSeconds ? 1 : 0;
  const age = formatDuration(ageSeconds * 1000);
  if (drill === null) {
    return resultOf("BACKUP DRILL", overdue, `no drill yet, ${age} after the policy began`, perfdata);
  }
  const { files, bytes, seconds, faultCount, faults } = drill;
  const limits = rtoSeconds === null ? ";;;0" : `;${Math.floor(rtoSeconds * 0.8)};${rtoSeconds};0`;
  const rate = seconds > 0 ? Math.round(bytes / seconds) : bytes;
  perfdata.push(
    `rto=${Math.ceil(drill.rtoSeconds)}s${limits}`,
    `files=${files};;;0`,
    `bytes=${Math.round(bytes)}B;;;0`,
    `rate=${rate}B;;;0`,
    `faults=${faultCount};;0;0`,
    `compared_live=${drill.comparedLive};;;0`,
  );
  const [first] = faults;
  if (faultCount > 0) {
    const of = `in snapshot ${drill.snapshotId.slice(0, 8)}`;
    const named = first === undefined ? "" : `: ${first.path}: ${first.message}`;
    return resultOf("BACKUP DRILL", 2, `${faultCount} of ${files} files did not come back ${of}${named}`, perfdata);
  }
  const share = rtoSeconds === null ? 0 : drill.rtoSeconds / rtoSeconds;
  const whole = `all of it would take ${formatDuration(drill.rtoSeconds * 1000)}`;
  const objective = rtoSeconds === null ? "" : `, objective (RTO) ${formatDuration(rtoSeconds * 1000)}`;
  const words = `${files} files (${sizeInWords(bytes)}) came back as they were ${age} ago; ${whole}${objective}`;
  const isLate = overdue === 2 || share >= 1;
  const isNear = overdue === 1 || share >= 0.8;
  return resultOf("BACKUP DRILL", isLate ? 2 : isNear ? 1 : 0, words, perfdata);
}
