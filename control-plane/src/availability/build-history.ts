import type { AvailabilityState } from "@mycloud/protocol/availability";
import { AvailabilityState as States } from "@mycloud/protocol/availability";

/** One entry of the history of an object's states, flapping left out. */
export interface HistoryEvent {
  /** Entries count in the order of their ids, the order in which results were handed in. */
  readonly id: number;
  readonly atMs: number;
  readonly kind: "state" | "stale-start" | "stale-stop";
  readonly fromState: string;
  readonly toState: string;
  readonly isHard: boolean;
}

/** What is known of an object's past. */
export interface ObjectPast {
  readonly kind: "host" | "service";
  readonly createdAtMs: number;
  /** When its first result came; null before. */
  readonly firstCheckedAtMs: number | null;
  /** Times without watching: its check was disabled. Open ones have no end. */
  readonly gaps: readonly { readonly fromMs: number; readonly untilMs: number | null }[];
  /** Of the entries dated up to the beginning of the range the one written last, and the last that was HARD, fine or a first result. */
  readonly before: HistoryEvent | null;
  readonly hardBefore: HistoryEvent | null;
  /** The earliest-known entry after the beginning of the range, in it or later: it tells what was before. */
  readonly first: HistoryEvent | null;
  /** Entries in the range, but for `before`. */
  readonly events: readonly HistoryEvent[];
  /** What it shows now, where the history has no entry: `hard` is the state last believed. */
  readonly present: { readonly state: AvailabilityState; readonly hard: AvailabilityState };
}

/** A stretch of time in one state; null before the object existed. */
export interface StateStretch {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly state: AvailabilityState | null;
}

/** From an instant on, a state, unless something of a higher order says otherwise. */
interface Mark {
  readonly order: number;
  readonly atMs: number;
  readonly state: AvailabilityState;
  /** What is not, a SOFT problem, leaves the state that was last believed. */
  readonly isBelieved: boolean;
  /** What follows PENDING. */
  readonly isFirst: boolean;
}

/**
 * The states of an object as stretches that cover the range exactly, in order, neighbours differing. At each instant that entry counts which was written last
 * of those dated up to then: what an agent delivers late, measured while it was cut off, replaces the silence that was noted meanwhile. With `isSoftCounted`
 * false a SOFT problem counts only from when it is HARD. Pure.
 */
export function buildHistory(
  past: ObjectPast,
  fromMs: number,
  untilMs: number,
  isSoftCounted: boolean,
): StateStretch[] {
  if (untilMs <= fromMs) return [];
  const stretches: StateStretch[] = [];
  const add = (from: number, until: number, state: AvailabilityState | null) => {
    if (until <= from) return;
    const last = stretches.at(-1);
    if (last?.state === state) stretches[stretches.length - 1] = { ...last, untilMs: until };
    else stretches.push({ fromMs: from, untilMs: until, state });
  };
  // What was measured before it was made known here, by an agent not yet enrolled or a sender with a queue, was there.
  const knownFromMs = Math.min(past.createdAtMs, past.firstCheckedAtMs ?? past.createdAtMs);
  const bornMs = Math.min(Math.max(knownFromMs, fromMs), untilMs);
  add(fromMs, bornMs, null);
  let latest = unknownAtFirst;
  let believed = unknownAtFirst;
  let sinceMs = bornMs;
  const shown = () => (latest.isBelieved || isSoftCounted ? latest.state : believed.state);
  for (const mark of marksOf(past, isSoftCounted).sort((a, b) => a.atMs - b.atMs || a.order - b.order)) {
    if (mark.atMs >= untilMs) break;
    const atMs = Math.max(mark.atMs, bornMs);
    add(sinceMs, atMs, shown());
    sinceMs = atMs;
    if (mark.order > latest.order) latest = mark;
    const believable = believableOf(mark);
    if (believable !== null && believable.order > believed.order) believed = believable;
  }
  add(sinceMs, untilMs, shown());
  return stretches;
}

const unknownAtFirst: Mark = {
  order: Number.NEGATIVE_INFINITY,
  atMs: 0,
  state: "PENDING",
  isBelieved: true,
  isFirst: false,
};

/** What a mark leaves to be believed while later ones are SOFT; null when it changes nothing in that. */
function believableOf(mark: Mark): Mark | null {
  // A first result that is SOFT and bad: nothing is believed yet.
  if (mark.isFirst && !mark.isBelieved) return { ...mark, state: "PENDING" };
  return mark.isBelieved && mark.state !== "STALE" ? mark : null;
}

function marksOf(past: ObjectPast, isSoftCounted: boolean): Mark[] {
  const { before, hardBefore, firstCheckedAtMs } = past;
  const known = [hardBefore, before].filter((event) => event !== null);
  const events = [...new Map([...known, ...past.events].map((event) => [event.id, event])).values()];
  const marks: Mark[] = events.map((event) => {
    const state = event.kind === "stale-start" ? "STALE" : stateOf(event.toState);
    const isBelieved = state === "STALE" || event.isHard || isFine(state);
    return { order: event.id, atMs: event.atMs, state, isBelieved, isFirst: event.fromState === "PENDING" };
  });
  if (firstCheckedAtMs !== null) {
    marks.push({
      order: -1,
      atMs: firstCheckedAtMs,
      state: initialState(past, isSoftCounted),
      isBelieved: true,
      isFirst: false,
    });
  }
  const fine = past.kind === "host" ? "UP" : "OK";
  past.gaps.forEach(({ fromMs, untilMs }, index) => {
    // After every entry of before it; several gaps between two entries in their own order.
    const place = (step: 1 | 2) => (2 * index + step) / (2 * past.gaps.length + 2);
    const latest = (isEarlier: (atMs: number) => boolean) =>
      events.reduce((highest, event) => (isEarlier(event.atMs) ? Math.max(highest, event.id) : highest), 0);
    const sure = { isBelieved: true, isFirst: false };
    marks.push({ order: latest((atMs) => atMs <= fromMs) + place(1), atMs: fromMs, state: "PENDING", ...sure });
    if (untilMs === null) return;
    // Its first result is an entry only when it is not OK.
    marks.push({ order: latest((atMs) => atMs < untilMs) + place(2), atMs: untilMs, state: fine, ...sure });
  });
  return marks;
}

/** What it was before its first entry that is known. */
function initialState(past: ObjectPast, isSoftCounted: boolean): AvailabilityState {
  const fine = past.kind === "host" ? "UP" : "OK";
  const first = past.before ?? past.first;
  if (first === null) {
    const { state, hard } = past.present;
    const shown = isSoftCounted ? state : state === "STALE" || state === "PENDING" ? state : hard;
    // A service whose check is disabled shows PENDING; what it was until then left no entry, so it was fine.
    return shown === "PENDING" && past.gaps.length > 0 ? fine : shown;
  }
  const state = stateOf(first.fromState);
  return state === "PENDING" && past.gaps.length > 0 ? fine : state;
}

function isFine(state: AvailabilityState): boolean {
  return state === "OK" || state === "UP";
}

/** A word of the history; one of a newer version counts as unknown, never as fine. */
function stateOf(word: string): AvailabilityState {
  return States.catch("UNKNOWN").parse(word);
}
