import type { LogRangeQuestion } from "../providers/logs-provider.ts";
import { formatAbsolute } from "../time/duration.ts";

/** Lengths to choose from; the address names one as `last=1h`. */
export const logLengths = [
  { text: "15 min", name: "15m", lengthMs: 900_000 },
  { text: "1 h", name: "1h", lengthMs: 3_600_000 },
  { text: "6 h", name: "6h", lengthMs: 6 * 3_600_000 },
  { text: "24 h", name: "24h", lengthMs: 86_400_000 },
  { text: "7 d", name: "7d", lengthMs: 7 * 86_400_000 },
] as const;

export const logTabs = ["lines", "patterns"] as const;
export type LogTab = (typeof logTabs)[number];

/** What the page of logs shows. */
export interface LogView extends LogRangeQuestion {
  /** It ends now, and goes on. */
  readonly isLive: boolean;
  /** The length that was chosen; null for a range of its own. */
  readonly last: (typeof logLengths)[number] | null;
  readonly tab: LogTab;
  readonly patternOrder: "count" | "risen" | "new";
  /** Records are shown as they come. */
  readonly isTailing: boolean;
  /** Whose surroundings are shown. */
  readonly recordId: string | null;
}

/** Reads the address; the last hour of everything when it says nothing. Pure. */
export function readView(search: URLSearchParams, nowMs: number): LogView {
  const fromMs = Number(search.get("fromMs") ?? Number.NaN);
  const untilMs = Number(search.get("untilMs") ?? nowMs);
  const isOwn = Number.isFinite(fromMs) && Number.isFinite(untilMs) && fromMs < untilMs;
  const last = isOwn ? null : (logLengths.find(({ name }) => name === search.get("last")) ?? logLengths[1]);
  const order = search.get("order");
  return {
    query: search.get("q") ?? "",
    fromMs: last === null ? fromMs : nowMs - last.lengthMs,
    untilMs: last === null ? untilMs : nowMs,
    isLive: last !== null || !search.has("untilMs"),
    last,
    tab: logTabs.find((tab) => tab === search.get("tab")) ?? "lines",
    patternOrder: order === "risen" || order === "new" ? order : "count",
    isTailing: search.get("tail") === "1",
    recordId: search.get("record"),
  };
}

/** The query with one more condition. Pure. */
export function withTerm(query: string, term: string): string {
  if (query.split(/\s+/).includes(term)) return query;
  const trimmed = query.trim();
  if (trimmed === "") return term;
  // What is joined by OR has to stay together.
  return /\bOR\b/.test(trimmed) ? `(${trimmed}) ${term}` : `${trimmed} ${term}`;
}

/** From when until when, in words. Pure. */
export function shownTime({ fromMs, untilMs, isLive }: LogView): string {
  return `${formatAbsolute(fromMs)} to ${isLive ? "now" : formatAbsolute(untilMs)}`;
}
