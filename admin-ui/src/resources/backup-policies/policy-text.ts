import type { BackupPolicyInput, Retention } from "@mycloud/protocol/backup-policy";

/** An objective for people: `26 h`, `2 d`; what promises nothing says so. Pure. */
export function objectiveText(seconds: number | null): string {
  if (seconds === null) return "none";
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${round(seconds / 60)} min`;
  return seconds < 172_800 ? `${round(seconds / 3600)} h` : `${round(seconds / 86_400)} d`;
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

/** What a policy backs up, in one line. Pure. */
export function contentText({ paths, dumps }: Pick<BackupPolicyInput, "paths" | "dumps">): string {
  return [...paths, ...dumps.map(({ preset }) => `${preset} dump`)].join(", ");
}

/** When it runs. Pure. */
export function scheduleText({ schedule, timing }: Pick<BackupPolicyInput, "schedule" | "timing">): string {
  if (timing === "timer") return "by the host's timer";
  const window = schedule.window === null ? "" : `, ${schedule.window.from} to ${schedule.window.to}`;
  return `${schedule.cron} ${schedule.timeZone}${window}`;
}

const keptWords = [
  ["keepLast", "newest"],
  ["keepHourly", "hourly"],
  ["keepDaily", "daily"],
  ["keepWeekly", "weekly"],
  ["keepMonthly", "monthly"],
  ["keepYearly", "yearly"],
] as const satisfies readonly (readonly [keyof Retention, string])[];

/** What snapshots are kept: `14 daily, 8 weekly, all within 30d`. Pure. */
export function retentionText(retention: Retention): string {
  const counted = keptWords.flatMap(([name, word]) => {
    const count = retention[name];
    if (count === undefined || count === 0) return [];
    return [`${count === -1 ? "all" : count} ${word}`];
  });
  const within = Object.entries(retention).flatMap(([name, duration]) => {
    if (!name.startsWith("keepWithin") || typeof duration !== "string") return [];
    const word = name.slice("keepWithin".length).toLowerCase();
    return [`${word === "" ? "all" : word} within ${duration}`];
  });
  return [...counted, ...within].join(", ") || "all";
}

/** A share for people; what is not all is never rounded to it: `99.9 %`. Pure. */
export function shareText(share: number): string {
  if (share >= 1) return "100 %";
  return `${Math.min(99.9, Math.floor(share * 1000) / 10)} %`;
}
