import type { RetentionPolicy } from "@mycloud/backup/retention";
import { type Command, InvalidArgumentError } from "commander";
import { collect } from "../../command-line/index.ts";
import { splitTags } from "./snapshot-options.ts";

/** What forget keeps, as typed. Counts are -1 for "all". */
export interface RetentionFlags {
  readonly keepLast?: number;
  readonly keepHourly?: number;
  readonly keepDaily?: number;
  readonly keepWeekly?: number;
  readonly keepMonthly?: number;
  readonly keepYearly?: number;
  readonly keepWithin?: string;
  readonly keepWithinHourly?: string;
  readonly keepWithinDaily?: string;
  readonly keepWithinWeekly?: string;
  readonly keepWithinMonthly?: string;
  readonly keepWithinYearly?: string;
  readonly keepTag?: string[];
}

/** Adds --keep-last, --keep-daily ..., --keep-within ... and --keep-tag. */
export function addRetentionOptions(command: Command): Command {
  command.option("-l, --keep-last <N>", "keep the newest N snapshots; unlimited keeps all", countOrAll);
  for (const [letter, period, word] of periods) {
    command.option(`-${letter}, --keep-${period} <N>`, `keep the newest of each of the last N ${word}`, countOrAll);
  }
  command.option("--keep-within <DURATION>", "keep all that are newer than this, e.g. 1y5m7d2h, before the newest");
  for (const [, period] of periods) {
    command.option(`--keep-within-${period} <DURATION>`, `keep ${period} ones within this time before the newest`);
  }
  return command.option("--keep-tag <TAG,TAG>", "keep those with all these tags; repeatable", collect);
}

const periods = [
  ["H", "hourly", "hours"],
  ["d", "daily", "days"],
  ["w", "weekly", "weeks"],
  ["m", "monthly", "months"],
  ["y", "yearly", "years"],
] as const;

function countOrAll(text: string): number {
  if (text.toLowerCase() === "unlimited" || text === "-1") return -1;
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("Write a whole number from 0, or unlimited.");
}

/** The policy those options mean; null when none was given. Throws the engine's InputError for a bad duration. */
export function retentionPolicy(
  flags: RetentionFlags,
  parse: typeof import("@mycloud/backup/retention").parseCalendarDuration,
): RetentionPolicy | null {
  const { keepTag, ...others } = flags;
  const counts = {
    keepLast: others.keepLast,
    keepHourly: others.keepHourly,
    keepDaily: others.keepDaily,
    keepWeekly: others.keepWeekly,
    keepMonthly: others.keepMonthly,
    keepYearly: others.keepYearly,
  };
  const durations = {
    keepWithin: others.keepWithin,
    keepWithinHourly: others.keepWithinHourly,
    keepWithinDaily: others.keepWithinDaily,
    keepWithinWeekly: others.keepWithinWeekly,
    keepWithinMonthly: others.keepWithinMonthly,
    keepWithinYearly: others.keepWithinYearly,
  };
  const given = [
    ...Object.entries(counts).filter(([, value]) => value !== undefined),
    ...Object.entries(durations).flatMap(([name, text]) => (text === undefined ? [] : [[name, parse(text)] as const])),
  ];
  if (given.length === 0 && keepTag === undefined) return null;
  return { ...Object.fromEntries(given), ...(keepTag === undefined ? {} : { keepTags: keepTag.map(splitTags) }) };
}
