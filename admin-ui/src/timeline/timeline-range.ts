/** The part of time that is shown, ms UTC. */
export interface TimelineRange {
  readonly fromMs: number;
  readonly untilMs: number;
  /** It ends now, and goes on. */
  readonly isLive: boolean;
}

/** Lengths to choose from; the address names one as `last=7d`. */
export const timelineLengths = [
  { text: "2 h", name: "2h", lengthMs: 7_200_000 },
  { text: "24 h", name: "24h", lengthMs: 86_400_000 },
  { text: "7 d", name: "7d", lengthMs: 7 * 86_400_000 },
  { text: "30 d", name: "30d", lengthMs: 30 * 86_400_000 },
] as const;

const usual = timelineLengths[1];
const shortestMs = 60_000;
const longestMs = 366 * 86_400_000;

/** Reads the range from the address: `fromMs` and `untilMs`, or `last`; the last day without them. Pure. */
export function readRange(search: URLSearchParams, nowMs: number): TimelineRange {
  const fromMs = Number(search.get("fromMs") ?? Number.NaN);
  const untilMs = Number(search.get("untilMs") ?? nowMs);
  if (Number.isFinite(fromMs) && Number.isFinite(untilMs) && fromMs < untilMs) {
    return { fromMs: Math.max(fromMs, untilMs - longestMs), untilMs, isLive: !search.has("untilMs") };
  }
  const { lengthMs } = timelineLengths.find(({ name }) => name === search.get("last")) ?? usual;
  return { fromMs: nowMs - lengthMs, untilMs: nowMs, isLive: true };
}

/** What the address says of a range: one that ends now or later goes on with the time. Pure. */
export function writeRange(
  { fromMs, untilMs }: Pick<TimelineRange, "fromMs" | "untilMs">,
  nowMs: number,
): { readonly fromMs: string; readonly untilMs: string | null } {
  const lengthMs = Math.min(Math.max(untilMs - fromMs, shortestMs), longestMs);
  const endMs = Math.min(untilMs, nowMs);
  return { fromMs: String(Math.round(endMs - lengthMs)), untilMs: untilMs >= nowMs ? null : String(Math.round(endMs)) };
}

/** The range made longer (`factor` above 1) or shorter around an instant that keeps its place. Pure. */
export function zoomAround(
  { fromMs, untilMs }: Pick<TimelineRange, "fromMs" | "untilMs">,
  atMs: number,
  factor: number,
): { readonly fromMs: number; readonly untilMs: number } {
  const lengthMs = untilMs - fromMs;
  const wantedMs = Math.min(Math.max(lengthMs * factor, shortestMs), longestMs);
  const place = (atMs - fromMs) / lengthMs;
  const start = atMs - place * wantedMs;
  return { fromMs: Math.round(start), untilMs: Math.round(start + wantedMs) };
}
