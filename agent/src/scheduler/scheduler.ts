import type { ScheduledCheck } from "@mycloud/protocol/agent";
import { type Admission, admitAll } from "./admission.ts";
import { keyOf, nextOnGrid } from "./grid.ts";
import { finish, nextWake, reconcile, requestNow, type Schedule, type Start, takeDue } from "./schedule.ts";

/** What the scheduler needs from outside. */
export interface SchedulerOptions {
  /** Milliseconds on a clock that is never set back. */
  readonly now: () => number;
  readonly concurrency: number;
  /** Runs one check; never throws. Resolves with what the plan needs to know. */
  readonly run: (start: Start, nextPlannedAtMs: number, signal: AbortSignal) => Promise<{ readonly isOk: boolean }>;
}

export interface Scheduler {
  /** Takes over a configuration; `admission` says when its checks may run. */
  configure(checks: readonly ScheduledCheck[], admission?: Admission): void;
  /** Runs checks of these keys at once; resolves when each has run, with how many were known. */
  checkNow(keys: readonly number[]): Promise<number>;
  /** Planned runs that did not happen since the start. */
  skipped(): number;
  /** Starts nothing more, aborts what runs, resolves when it has ended. */
  stop(): Promise<void>;
}

/** A timer may not be longer than 2^31 ms; waking once an hour for nothing costs nothing. */
const LONGEST_TIMER_MS = 3_600_000;

/** Starts a scheduler without checks. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { now, concurrency } = options;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const waiting = new Map<number, (() => void)[]>();
  let schedule: Schedule = new Map();
  let mayRun: Admission = admitAll;
  let forgottenSkips = 0;
  let timer: NodeJS.Timeout | undefined;

  function advance(): void {
    clearTimeout(timer);
    if (stopping.signal.aborted) return;
    const due = takeDue(schedule, now(), concurrency, mayRun);
    schedule = due.schedule;
    for (const start of due.starts) track(runOne(start));
    const wakeAt = nextWake(schedule, concurrency);
    if (wakeAt !== undefined) timer = setTimeout(advance, Math.min(Math.max(wakeAt - now(), 0), LONGEST_TIMER_MS));
  }

  function track(run: Promise<void>): void {
    running.add(run);
    run.finally(() => running.delete(run)).catch(() => undefined);
  }

  async function runOne(start: Start): Promise<void> {
    const key = keyOf(start.check);
    const startedAtMs = now();
    // Whoever asked before this run began is satisfied by it.
    const askers = waiting.get(key) ?? [];
    waiting.delete(key);
    const nextPlannedAtMs = mayRun(start.check, nextOnGrid(start.check, startedAtMs));
    const { isOk } = await options.run(start, nextPlannedAtMs, stopping.signal).catch(() => ({ isOk: false }));
    schedule = finish(schedule, key, { isOk, startedAtMs }, now());
    for (const resolve of askers) resolve();
    advance();
  }

  return {
    configure(checks, admission = admitAll) {
      mayRun = admission;
      const before = schedule;
      schedule = reconcile(schedule, checks, now());
      for (const [key, entry] of before) {
        if (schedule.has(key)) continue;
        forgottenSkips += entry.skipped;
        for (const resolve of waiting.get(key) ?? []) resolve();
        waiting.delete(key);
      }
      advance();
    },
    async checkNow(keys) {
      const known = [...new Set(keys)].filter((id) => schedule.get(id)?.isRemoved === false);
      const done = known.map((id) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.set(id, [...(waiting.get(id) ?? []), resolve]);
        return promise;
      });
      schedule = requestNow(schedule, known, now());
      advance();
      await Promise.all(done);
      return known.length;
    },
    skipped: () => [...schedule.values()].reduce((sum, entry) => sum + entry.skipped, forgottenSkips),
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await Promise.allSettled(running);
      for (const resolve of [...waiting.values()].flat()) resolve();
      waiting.clear();
    },
  };
}
