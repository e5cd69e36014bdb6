import { formatBytes } from "../../plugin/format-quantity.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import type { ReturnCode } from "../../plugin-api/return-code.ts";
import { type FreeLimit, type FreeLimits, isBelow } from "./free-limit.ts";
import type { Usage } from "./usage.ts";

/** What is said about one file system. */
export interface Judgement {
  readonly returnCode: ReturnCode;
  /** `96% used (1.2 GiB free)`, with what is short. */
  readonly text: string;
  /** `41%`, for the list of those that are well. */
  readonly shortText: string;
}

/** Holds a file system's figures against its limits. */
export function judgeUsage(usage: Usage, limits: FreeLimits): Judgement {
  const usable = usage.usedBytes + usage.availableBytes;
  const freeInodes = usage.totalInodes - usage.usedInodes;
  const isSpace = (limit: FreeLimit | undefined): boolean => usable > 0 && isBelow(limit, usage.availableBytes, usable);
  const isInodes = (limit: FreeLimit | undefined): boolean =>
    usage.totalInodes > 0 && isBelow(limit, freeInodes, usage.totalInodes);
  const space: ReturnCode = isSpace(limits.critical) ? 2 : isSpace(limits.warning) ? 1 : 0;
  const inodes: ReturnCode = isInodes(limits.inodeCritical) ? 2 : isInodes(limits.inodeWarning) ? 1 : 0;

  const usedPercent = usable === 0 ? 0 : (usage.usedBytes / usable) * 100;
  const shortText = `${formatPercent(usedPercent)} used`;
  const spaceText = `${shortText} (${formatBytes(usage.availableBytes)} free)`;
  const inodePercent = usage.totalInodes === 0 ? 0 : (usage.usedInodes / usage.totalInodes) * 100;
  const inodeText = `${formatPercent(inodePercent)} of inodes used (${freeInodes} free)`;
  const parts = [...(space > 0 || inodes === 0 ? [spaceText] : []), ...(inodes > 0 ? [inodeText] : [])];
  return { returnCode: space > inodes ? space : inodes, text: parts.join(", "), shortText };
}

/** Down rather than up: 99.6% must not be shown as 100% while there is room. */
function formatPercent(percent: number): string {
  return `${percent > 99 && percent < 100 ? Math.floor(percent * 10) / 10 : Math.round(percent)}%`;
}

/** Perfdata as check_disk prints it: used bytes under the path, with the limits turned into used bytes. */
export function usagePerfdata(path: string, usage: Usage, limits: FreeLimits, withInodes: boolean): Perfdatum[] {
  const usable = usage.usedBytes + usage.availableBytes;
  const space: Perfdatum = {
    label: path,
    value: usage.usedBytes,
    unit: "B",
    ...thresholdFields(usable, limits.warning, limits.critical),
    min: 0,
    max: usable,
  };
  if (!withInodes || usage.totalInodes === 0) return [space];
  const inodes: Perfdatum = {
    label: `${path} (inodes)`,
    value: usage.usedInodes,
    unit: "",
    ...thresholdFields(usage.totalInodes, limits.inodeWarning, limits.inodeCritical),
    min: 0,
    max: usage.totalInodes,
  };
  return [space, inodes];
}

function thresholdFields(total: number, warning: FreeLimit | undefined, critical: FreeLimit | undefined) {
  return {
    ...(warning === undefined ? {} : { warn: mostUsed(total, warning) }),
    ...(critical === undefined ? {} : { crit: mostUsed(total, critical) }),
  };
}

function mostUsed(total: number, limit: FreeLimit): string {
  const leastFree = limit.isPercent ? (limit.amount / 100) * total : limit.amount;
  return String(Math.max(0, Math.floor(total - leastFree)));
}
