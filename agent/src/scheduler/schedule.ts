import type { ScheduledCheck } from "@mycloud/protocol/agent";
import { type Admission, admitAll } from "./admission.ts";
import { firstRun, gridPointsBetween, keyOf, nextOnGrid } from "./grid.ts";

/** One check and where it stands. Instants are on the scheduler's own clock (milliseconds, never set back). */
export interface ScheduleEntry {
  readonly check: ScheduledCheck;
  readonly plannedAtMs: number;
  readonly isRunning: boolean;
  /** Non-OK results in a row, up to max check attempts. The control plane's state machine is the authority; this only paces. */
  readonly attempt: number;
  /** Planned runs that did not happen. */
  readonly skipped: number;
  /** Somebody asked for a run that has not begun. */
  readonly isRequested: boolean;
  /** Gone from the configuration; forgotten when its run ends. */
  readonly isRemoved: boolean;
}

/** All checks by key (`keyOf`). Values are never changed in place. */
export type Schedule = ReadonlyMap<number, ScheduleEntry>;

/** A run to begin, and when it was planned. */
export interface Start {
  readonly check: ScheduledCheck;
  readonly plannedAtMs: number;
}

/**
 * Takes over a new configuration: what is new runs soon, what is gone is forgotten, and a check whose timing did not change keeps its
 * next run. Pure.
 */
export function reconcile(schedule: Schedule, checks: readonly ScheduledCheck[], nowMs: number): Schedule {
  const next = new Map<number, ScheduleEntry>();
  for (const check of checks) next.set(keyOf(check), entryFor(check, schedule.get(keyOf(check)), nowMs));
  for (const [key, entry] of schedule) {
    if (!next.has(key) && entry.isRunning) next.set(key, { ...entry, isRemoved: true, isRequested: false });
  }
  return next;
}

function entryFor(check: ScheduledCheck, previous: ScheduleEntry | undefined, nowMs: number): ScheduleEntry {
  if (previous === undefined) {
    return {
      check,
      plannedAtMs: firstRun(check, nowMs),
      isRunning: false,
      attempt: 0,
      skipped: 0,
      isRequested: false,
      isRemoved: false,
    };
  }
  const hasSameTiming =
    previous.check.checkIntervalSeconds === check.checkIntervalSeconds &&
    previous.check.retryIntervalSeconds === check.retryIntervalSeconds;
  // A run is put off further only by a period that was not there yet, or a check that was held: whether it still is, is asked again.
  const longestMs = Math.max(check.checkIntervalSeconds, check.retryIntervalSeconds) * 1000;
  const isPutOff = previous.plannedAtMs > nowMs + longestMs;
  // Sooner only: a longer interval does not postpone a run that was promised.
  const plannedAtMs =
    hasSameTiming && !isPutOff ? previous.plannedAtMs : Math.min(previous.plannedAtMs, nextOnGrid(check, nowMs));
  return { ...previous, check, plannedAtMs, isRemoved: false };
}

/**
 * Begins what is due, the longest overdue first, as far as `concurrency` and `admission` allow; what is not admitted is planned for later, unless
 * somebody asked for it. Pure.
 */
export function takeDue(
  schedule: Schedule,
  nowMs: number,
  concurrency: number,
  admission: Admission = admitAll,
): { schedule: Schedule; starts: readonly Start[] } {
  const capacity = concurrency - countRunning(schedule);
  if (capacity <= 0) return { schedule, starts: [] };
  const planned = [...schedule.values()].filter((entry) => !entry.isRunning && entry.plannedAtMs <= nowMs);
  if (planned.length === 0) return { schedule, starts: [] };
  const next = new Map(schedule);
  const admitted: ScheduleEntry[] = [];
  for (const entry of planned) {
    const plannedAtMs = entry.isRequested ? nowMs : admission(entry.check, nowMs);
    if (plannedAtMs > nowMs) next.set(keyOf(entry.check), { ...entry, plannedAtMs });
    else admitted.push(entry);
  }
  const due = admitted.sort((a, b) => a.plannedAtMs - b.plannedAtMs).slice(0, capacity);
  for (const entry of due) {
    const skipped = entry.skipped + gridPointsBetween(entry.check, entry.plannedAtMs, nowMs);
    next.set(keyOf(entry.check), { ...entry, isRunning: true, isRequested: false, skipped });
  }
  return { schedule: next, starts: due.map(({ check, plannedAtMs }) => ({ check, plannedAtMs })) };
}

/** Notes the end of a run that began at `startedAtMs` and plans the next one. Pure. */
export function finish(
  schedule: Schedule,
  key: number,
  run: { readonly isOk: boolean; readonly startedAtMs: number },
  nowMs: number,
): Schedule {
  const entry = schedule.get(key);
  if (entry === undefined) return schedule;
  const next = new Map(schedule);
  if (entry.isRemoved) {
    next.delete(key);
    return next;
  }
  const attempt = run.isOk ? 0 : Math.min(entry.attempt + 1, entry.check.maxCheckAttempts);
  const isSoft = attempt > 0 && attempt < entry.check.maxCheckAttempts;
  const planned = isSoft ? nextRetry(entry, nowMs) : nextOnGrid(entry.check, nowMs);
  next.set(key, {
    ...entry,
    isRunning: false,
    attempt,
    plannedAtMs: entry.isRequested ? nowMs : planned,
    isRequested: false,
    skipped: entry.skipped + gridPointsBetween(entry.check, run.startedAtMs, nowMs),
  });
  return next;
}

/** A retry counts from when the run was planned, so that retries do not drift either. */
function nextRetry(entry: ScheduleEntry, nowMs: number): number {
  const retryMs = entry.check.retryIntervalSeconds * 1000;
  const missed = Math.max(0, Math.floor((nowMs - entry.plannedAtMs) / retryMs));
  return entry.plannedAtMs + (missed + 1) * retryMs;
}

/** Makes checks due at once; one that is running runs again when it ends. Keys that are not scheduled are ignored. Pure. */
export function requestNow(schedule: Schedule, keys: readonly number[], nowMs: number): Schedule {
  const next = new Map(schedule);
  for (const key of keys) {
    const entry = next.get(key);
    if (entry === undefined || entry.isRemoved) continue;
    next.set(
      key,
      entry.isRunning
        ? { ...entry, isRequested: true }
        : { ...entry, isRequested: true, plannedAtMs: Math.min(entry.plannedAtMs, nowMs) },
    );
  }
  return next;
}

/** When `takeDue` is next worth calling; undefined while nothing can start before a run ends or the configuration changes. */
export function nextWake(schedule: Schedule, concurrency: number): number | undefined {
  if (countRunning(schedule) >= concurrency) return undefined;
  let earliest: number | undefined;
  for (const entry of schedule.values()) {
    if (entry.isRunning) continue;
    if (earliest === undefined || entry.plannedAtMs < earliest) earliest = entry.plannedAtMs;
  }
  return earliest;
}

/** How many checks run now. */
export function countRunning(schedule: Schedule): number {
  let running = 0;
  for (const entry of schedule.values()) if (entry.isRunning) running++;
  return running;
}
