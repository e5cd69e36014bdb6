/** The part of time a report is of, ms UTC; instants of the past, so that the same address shows the same. */
export interface ReportRange {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Lengths up to now and whole months to choose from; the address names one as `last=`. */
export const reportRanges = ["24 h", "7 d", "30 d", "365 d", "this month", "last month"] as const;
export type ReportRangeName = (typeof reportRanges)[number];

const dayMs = 86_400_000;
const days: Readonly<Partial<Record<ReportRangeName, number>>> = { "24 h": 1, "7 d": 7, "30 d": 30, "365 d": 365 };
/** A report is of now, to five minutes: asked again at every tick of the clock it would never stand still. */
const grainMs = 300_000;

/** Reads the range from the address: `fromMs` and `untilMs`, or `last`; the last day without them. Months are the reader's own. Pure but for the zone. */
export function readReportRange(
  search: URLSearchParams,
  nowMs: number,
): ReportRange & { readonly name: string | null } {
  const [fromMs, untilMs] = [Number(search.get("fromMs")), Number(search.get("untilMs"))];
  if (fromMs > 0 && untilMs > fromMs) return { fromMs: Math.max(fromMs, untilMs - 366 * dayMs), untilMs, name: null };
  const name = reportRanges.find((each) => each === search.get("last")) ?? "24 h";
  const end = Math.floor(nowMs / grainMs) * grainMs;
  const now = new Date(end);
  const month = (offset: number) => new Date(now.getFullYear(), now.getMonth() + offset, 1).getTime();
  if (name === "this month") return { fromMs: month(0), untilMs: Math.max(end, month(0) + grainMs), name };
  if (name === "last month") return { fromMs: month(-1), untilMs: month(0), name };
  return { fromMs: end - (days[name] ?? 1) * dayMs, untilMs: end, name };
}
