import type { BackupSchedule } from "@mycloud/protocol/backup-policy";
import type { BackupTrigger } from "@mycloud/protocol/backup-run";
import { Cron } from "croner";
import { openFromMs } from "./window.ts";

/** What decides when a job's next run begins. */
export interface StartFacts {
  readonly schedule: BackupSchedule;
  readonly timing: "agent" | "timer";
  readonly splayMs: number;
  /** The scheduled instant, without splay, up to which everything was run or passed over. */
  readonly handledUpToMs: number;
  /** Somebody asked for a run. */
  readonly requested: { readonly trigger: BackupTrigger; readonly notBeforeMs: number } | null;
  readonly isPaused: boolean;
}

/** `handledUpToMs` is to be remembered when it says so: those instants are dealt with. */
export type StartPlan =
  | { readonly kind: "start"; readonly trigger: BackupTrigger; readonly handledUpToMs: number }
  | { readonly kind: "wait"; readonly untilMs: number; readonly handledUpToMs: number };

/** A run this late is late by the machine being busy, not by its having been off. */
const punctualMs = 5 * 60_000;
const never = Number.POSITIVE_INFINITY;

/** Says when a job begins its next run, and by what. Several times that passed are made up for by one run. Pure. */
export function planStart(facts: StartFacts, nowMs: number): StartPlan {
  const { schedule, requested, handledUpToMs } = facts;
  const wait = (untilMs: number, handled = handledUpToMs): StartPlan => ({
    kind: "wait",
    untilMs,
    handledUpToMs: handled,
  });
  if (facts.isPaused) return wait(never);
  if (requested !== null && requested.notBeforeMs <= nowMs) {
    return { kind: "start", trigger: requested.trigger, handledUpToMs };
  }
  const requestedMs = requested?.notBeforeMs ?? never;
  if (facts.timing === "timer") return wait(requestedMs);
  const cron = new Cron(schedule.cron, { timezone: schedule.timeZone, paused: true });
  const next = cron.nextRun(new Date(handledUpToMs));
  if (next === null) return wait(requestedMs);
  const nextMs = next.getTime() + facts.splayMs;
  if (nextMs > nowMs) return wait(Math.min(requestedMs, nextMs));
  // Of those that passed, the last stands for all.
  const [last = next] = cron.previousRuns(1, new Date(nowMs - facts.splayMs + 1));
  const dueMs = Math.max(last.getTime(), next.getTime());
  if (!schedule.catchUp && nowMs - (dueMs + facts.splayMs) > punctualMs) {
    const following = cron.nextRun(new Date(dueMs));
    return wait(Math.min(requestedMs, following === null ? never : following.getTime() + facts.splayMs), dueMs);
  }
  const opensMs = openFromMs(schedule.window, schedule.timeZone, nowMs);
  if (opensMs > nowMs) return wait(Math.min(requestedMs, opensMs));
  return { kind: "start", trigger: "schedule", handledUpToMs: dueMs };
}
