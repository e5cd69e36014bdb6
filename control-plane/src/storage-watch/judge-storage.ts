import { median } from "@mycloud/checks/backup-change";
import type { StorageStatus } from "@mycloud/protocol/storage-status";
import { sizeInWords } from "../backup-run/size-in-words.ts";
import { resultOf, type ServiceResult } from "../backup-watch/service-result.ts";

/** Free bytes at an instant (ms). */
export type TrendPoint = readonly [atMs: number, freeBytes: number];

const dayMs = 86_400_000;
const warning = { share: 0.15, days: 14 } as const;
const critical = { share: 0.05, days: 3 } as const;
/** A trend over less than this is none. */
const shortestTrendMs = dayMs;

/**
 * Days until the free space is used up, by the median of the slopes between all points (Theil–Sen), which neither a night of pruning nor one large
 * upload moves. Null: it is not getting less, or nothing can be told yet. Pure.
 */
export function daysUntilFull(trend: readonly TrendPoint[], availableBytes: number): number | null {
  const [first, last] = [trend[0], trend.at(-1)];
  if (first === undefined || last === undefined || last[0] - first[0] < shortestTrendMs) return null;
  const slopes = trend.flatMap(([fromMs, before], at) =>
    trend.slice(at + 1).map(([untilMs, after]) => (after - before) / ((untilMs - fromMs) / dayMs)),
  );
  const perDay = median(slopes);
  return perDay >= 0 ? null : Math.max(0, availableBytes / -perDay);
}

/** Space and inodes of a storage server, and when they run out. Pure. */
export function judgeStorage(status: StorageStatus, trend: readonly TrendPoint[]): ServiceResult {
  const { totalBytes, freeBytes, reserveBytes, inodes, inodesFree, repositories } = status;
  const available = Math.max(0, freeBytes - reserveBytes);
  const days = daysUntilFull(trend, available);
  const shares = [available / Math.max(1, totalBytes), ...(inodes > 0 ? [inodesFree / inodes] : [])];
  const lowest = Math.min(...shares);
  const isBelow = ({ share, days: fewest }: { readonly share: number; readonly days: number }) =>
    lowest < share || (days !== null && days < fewest);
  const code = isBelow(critical) ? 2 : isBelow(warning) ? 1 : 0;
  const used = totalBytes - freeBytes;
  const damaged = repositories.reduce((sum, { wantedCount }) => sum + wantedCount, 0);
  const limits = `${Math.floor(totalBytes * (1 - warning.share))};${Math.floor(totalBytes * (1 - critical.share))};0;${totalBytes}`;
  const perfdata = [
    `used=${used}B;${limits}`,
    ...(inodes > 0 ? [`inodes_used=${(100 * (1 - inodesFree / inodes)).toFixed(1)}%;85;95;0;100`] : []),
    ...(days === null ? [] : [`days_until_full=${days.toFixed(1)};${warning.days}:;${critical.days}:;0`]),
    `repositories=${repositories.length};;;0`,
    `bad_objects=${damaged};;;0`,
  ];
  const words = `${sizeInWords(available)} of ${sizeInWords(totalBytes)} free for backups (${Math.round(100 * (shares[0] ?? 0))} %)`;
  const trendWords = days === null ? "" : `, full in ${days < 10 ? days.toFixed(1) : Math.round(days)} days as it goes`;
  const inodeWords = lowest < (shares[0] ?? 1) && code > 0 ? `, ${Math.round(100 * lowest)} % of the inodes` : "";
  return resultOf("STORAGE", code, `${words}${trendWords}${inodeWords}`, perfdata);
}
