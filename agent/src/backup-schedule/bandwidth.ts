import type { BandwidthPeriod } from "@mycloud/protocol/backup-policy";
import { localTime, minutesOf } from "./local-time.ts";
import { isWithin } from "./window.ts";

/** Bytes a second; infinity is as fast as it goes. */
export interface Rates {
  readonly upload: number;
  readonly download: number;
}

/** How fast a backup may be now: as the first period says that holds, else as fast as it goes. Pure. */
export function ratesAt(periods: readonly BandwidthPeriod[], timeZone: string, nowMs: number): Rates {
  const holding = periods.length === 0 ? undefined : periods.find((period) => holds(period, timeZone, nowMs));
  return {
    upload: holding?.uploadBytesPerSecond ?? Number.POSITIVE_INFINITY,
    download: holding?.downloadBytesPerSecond ?? Number.POSITIVE_INFINITY,
  };
}

function holds(period: BandwidthPeriod, timeZone: string, nowMs: number): boolean {
  const { day, minutes } = localTime(nowMs, timeZone);
  if (!isWithin(period, minutes)) return false;
  // Past midnight, a period that began the evening before is that day's.
  const isOfYesterday = minutesOf(period.from) > minutesOf(period.to) && minutes < minutesOf(period.to);
  return period.days.includes(isOfYesterday ? ((day + 5) % 7) + 1 : day);
}
