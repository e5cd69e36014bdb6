import { Cron } from "croner";

/** What decides when a recurring downtime runs. */
export interface Recurrence {
  readonly cron: string;
  /** IANA name; the clock of this place is what `cron` means, over its changes to summer time and back. */
  readonly timeZone: string;
  readonly durationSeconds: number;
  readonly isEnabled: boolean;
  /** Nothing that began before its last change is made up for. */
  readonly updatedAtMs: number;
}

/** Ahead of time, so that people see what comes and a control plane that was away for a day still finds it. */
const aheadMs = 24 * 3_600_000;
const maximumAtOnce = 300;

/** Why a schedule cannot be understood; null when it can. Pure. */
export function refuseSchedule(cron: string, timeZone: string): string | null {
  try {
    const schedule = new Cron(cron, { timezone: timeZone, paused: true });
    return schedule.nextRun() === null ? `the schedule "${cron}" never comes` : null;
  } catch (error) {
    return `the schedule "${cron}" is not understood: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * When a recurring downtime starts: what runs now, what comes within a day, and at least the next one; ms UTC. An hour that a change to summer time
 * leaves out comes at its end; one that comes twice counts once, unless `cron` fires every hour. Pure.
 */
export function planOccurrences(recurrence: Recurrence, nowMs: number): number[] {
  const { cron, timeZone, durationSeconds, isEnabled, updatedAtMs } = recurrence;
  if (!isEnabled || refuseSchedule(cron, timeZone) !== null) return [];
  const schedule = new Cron(cron, { timezone: timeZone, paused: true });
  const starts: number[] = [];
  let after = new Date(Math.max(updatedAtMs, nowMs - durationSeconds * 1000));
  while (starts.length < maximumAtOnce) {
    const next = schedule.nextRun(after);
    if (next === null) break;
    const isAhead = next.getTime() > nowMs + aheadMs;
    if (isAhead && starts.some((startMs) => startMs > nowMs)) break;
    starts.push(next.getTime());
    if (isAhead) break;
    after = next;
  }
  return starts;
}
