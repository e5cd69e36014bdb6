import type { StateChange } from "@mycloud/protocol/state-change";

/** What the strip needs of a history entry. */
export type HistoryEntry = Pick<StateChange, "atMs" | "kind" | "fromState" | "toState" | "stateType" | "output">;

/** A span in which one state held. `state` is null where nothing is known. */
export interface StripSegment {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly state: string | null;
  readonly stateType: "SOFT" | "HARD";
  readonly output: string;
}

/** The window to draw, and what is known of the object outside the entries. */
export interface StripWindow {
  readonly fromMs: number;
  readonly untilMs: number;
  /** The state now: it fills the window when nothing changed in it. */
  readonly state: string;
  readonly stateType: "SOFT" | "HARD";
  readonly output: string;
  /** Before this instant the object was not watched. */
  readonly knownSinceMs: number;
}

const isState = (entry: HistoryEntry) =>
  entry.kind === "state" || entry.kind === "stale-start" || entry.kind === "stale-stop";

/**
 * Turns state changes into the spans of a history strip that together cover the window exactly. Stale spans keep their own state, so that they
 * are drawn as gaps; the time before the object was known is null.
 */
export function buildStrip(entries: readonly HistoryEntry[], window: StripWindow): StripSegment[] {
  const changes = entries
    .filter((entry) => isState(entry) && entry.atMs < window.untilMs)
    .sort((a, b) => a.atMs - b.atMs);
  const before = changes.filter((entry) => entry.atMs <= window.fromMs).at(-1);
  const inside = changes.filter((entry) => entry.atMs > window.fromMs);
  const first = inside[0];
  const initial = before
    ? { state: stateAfter(before), stateType: before.stateType, output: before.output }
    : first
      ? { state: first.fromState, stateType: "HARD" as const, output: "" }
      : { state: window.state, stateType: window.stateType, output: window.output };

  const segments: StripSegment[] = [];
  let current: { state: string | null; stateType: "SOFT" | "HARD"; output: string } = initial;
  let sinceMs = window.fromMs;
  const close = (untilMs: number) => {
    if (untilMs <= sinceMs) return;
    const last = segments.at(-1);
    if (last && last.state === current.state && last.stateType === current.stateType) {
      segments[segments.length - 1] = { ...last, untilMs };
    } else {
      segments.push({ fromMs: sinceMs, untilMs, ...current });
    }
    sinceMs = untilMs;
  };
  if (window.knownSinceMs > window.fromMs) {
    const known = current;
    current = { state: null, stateType: "HARD", output: "" };
    close(Math.min(window.knownSinceMs, first?.atMs ?? window.untilMs, window.untilMs));
    current = known;
  }
  for (const entry of inside) {
    close(entry.atMs);
    current = { state: stateAfter(entry), stateType: entry.stateType, output: entry.output };
  }
  close(window.untilMs);
  return segments;
}

function stateAfter(entry: HistoryEntry): string {
  return entry.kind === "stale-start" ? "STALE" : entry.toState;
}

/** How much of the time that anything was known each state held, as ratios of 1; time without knowledge is left out. */
export function shareByState(segments: readonly StripSegment[]): Map<string, number> {
  const totals = new Map<string, number>();
  let known = 0;
  for (const segment of segments) {
    if (segment.state === null) continue;
    const length = segment.untilMs - segment.fromMs;
    known += length;
    totals.set(segment.state, (totals.get(segment.state) ?? 0) + length);
  }
  return new Map([...totals].map(([state, length]) => [state, length / known]));
}
