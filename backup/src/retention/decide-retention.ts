import type { Id } from "../blob/index.ts";
import { compareSnapshots } from "../snapshot/order.ts";
import { hasTags } from "../snapshot/select.ts";
import type { StoredSnapshot } from "../snapshot/snapshot.ts";
import { instantNs } from "../tree/instant.ts";
import { type CalendarDuration, formatCalendarDuration } from "./calendar-duration.ts";
import { isEmptyPolicy, type RetentionPolicy } from "./policy.ts";
import { instantBefore, isoWeekOf, type WallClock, wallClockOf } from "./wall-clock.ts";

export interface KeptSnapshot {
  readonly snapshot: StoredSnapshot;
  /** Why, in restic's words ("daily snapshot", "within 7d", "has tags [a, b]"), and "held: <reason>". */
  readonly reasons: readonly string[];
}

/** Newest first; kept and removed together are all snapshots. */
export interface RetentionDecision {
  readonly keep: readonly KeptSnapshot[];
  readonly remove: readonly StoredSnapshot[];
}

export interface RetentionCircumstances {
  /** Snapshots of later than this are not what `keepWithin` counts from. */
  readonly nowMs: number;
  /** Reasons of the holds in force, by snapshot. */
  readonly holds?: ReadonlyMap<Id, string>;
}

/** A rule that keeps the newest snapshot of each period (or each snapshot), so many times or back to a limit. */
interface PeriodRule {
  readonly reason: string;
  readonly periodOf: (clock: WallClock, position: number) => number;
  /** Periods that may still be kept; -1 for all of them. */
  left: number;
  /** Keeps only snapshots later than this. */
  readonly after: bigint | null;
  lastPeriod: number;
}

/** What the policy keeps of one group of snapshots. An empty policy keeps all. */
export function decideRetention(
  snapshots: readonly StoredSnapshot[],
  policy: RetentionPolicy,
  circumstances: RetentionCircumstances,
): RetentionDecision {
  const newestFirst = [...snapshots].sort((a, b) => compareSnapshots(b, a));
  const latest = latestTime(newestFirst, circumstances.nowMs);
  const rules = [...countRules(policy), ...withinRules(policy, latest)];
  const arrivals = earliestArrivals(newestFirst, circumstances.nowMs);
  const keep: KeptSnapshot[] = [];
  const remove: StoredSnapshot[] = [];
  for (const [position, snapshot] of newestFirst.entries()) {
    const clock = wallClockOf(snapshot.time);
    const reasons = isEmptyPolicy(policy) ? ["policy is empty"] : [];
    reasons.push(...tagReasons(snapshot, policy));
    const arrival = arrivals.get(snapshot.id) ?? instantNs(snapshot.time);
    if (isWithin(policy.keepWithin, latest, arrival)) reasons.push(`within ${durationText(policy.keepWithin)}`);
    for (const rule of rules) if (applies(rule, clock, position, arrival)) reasons.push(rule.reason);
    const hold = circumstances.holds?.get(snapshot.id);
    if (hold !== undefined) reasons.push(`held: ${hold}`);
    if (reasons.length > 0) keep.push({ snapshot, reasons });
    else remove.push(snapshot);
  }
  return { keep, remove };
}

function tagReasons(snapshot: StoredSnapshot, { keepTags = [] }: RetentionPolicy): string[] {
  return keepTags.filter((tags) => hasTags(snapshot, tags)).map((tags) => `has tags [${tags.join(", ")}]`);
}

function countRules(policy: RetentionPolicy): PeriodRule[] {
  return [
    countRule("last snapshot", policy.keepLast, (_, position) => position),
    countRule("hourly snapshot", policy.keepHourly, hourOf),
    countRule("daily snapshot", policy.keepDaily, dayOf),
    countRule("weekly snapshot", policy.keepWeekly, weekOf),
    countRule("monthly snapshot", policy.keepMonthly, monthOf),
    countRule("yearly snapshot", policy.keepYearly, yearOf),
  ];
}

function countRule(reason: string, count: number | undefined, periodOf: PeriodRule["periodOf"]): PeriodRule {
  return { reason, periodOf, left: count ?? 0, after: null, lastPeriod: -1 };
}

function withinRules(policy: RetentionPolicy, latest: string | null): PeriodRule[] {
  const rule = (
    name: string,
    within: CalendarDuration | undefined,
    periodOf: PeriodRule["periodOf"],
  ): PeriodRule | null =>
    isZero(within)
      ? null
      : {
          reason: `${name} within ${durationText(within)}`,
          periodOf,
          left: -1,
          after: latest === null || within === undefined ? null : instantBefore(latest, within),
          lastPeriod: -1,
        };
  const rules = [
    rule("hourly", policy.keepWithinHourly, hourOf),
    rule("daily", policy.keepWithinDaily, dayOf),
    rule("weekly", policy.keepWithinWeekly, weekOf),
    rule("monthly", policy.keepWithinMonthly, monthOf),
    rule("yearly", policy.keepWithinYearly, yearOf),
  ];
  return rules.filter((present) => present !== null);
}

/** Whether the rule keeps the snapshot; it counts it then. */
function applies(rule: PeriodRule, clock: WallClock, position: number, arrival: bigint): boolean {
  if (rule.left === 0 || (rule.after !== null && arrival <= rule.after)) return false;
  const period = rule.periodOf(clock, position);
  if (period === rule.lastPeriod) return false;
  rule.lastPeriod = period;
  if (rule.left > 0) rule.left--;
  return true;
}

const hourOf = (clock: WallClock): number => dayOf(clock) * 100 + clock.hour;
const dayOf = (clock: WallClock): number => monthOf(clock) * 100 + clock.day;
const weekOf = (clock: WallClock): number => {
  const { year, week } = isoWeekOf(clock);
  return year * 100 + week;
};
const monthOf = (clock: WallClock): number => clock.year * 100 + clock.month;
const yearOf = (clock: WallClock): number => clock.year;

/** The latest time that is not in the future, which durations count back from; null when all are in the future, and all are kept then. */
function latestTime(snapshots: readonly StoredSnapshot[], nowMs: number): string | null {
  const nowNs = BigInt(nowMs) * 1_000_000n;
  let latest: string | null = null;
  for (const { time } of snapshots) {
    const at = instantNs(time);
    if (at < nowNs && (latest === null || at > instantNs(latest))) latest = time;
  }
  return latest;
}

/**
 * When snapshots were made at the earliest, for durations: one that the server counted later was not made before those it counted
 * earlier, whatever its client's clock said. Times in the future prove nothing.
 */
function earliestArrivals(newestFirst: readonly StoredSnapshot[], nowMs: number): ReadonlyMap<Id, bigint> {
  const nowNs = BigInt(nowMs) * 1_000_000n;
  const arrivals = new Map<Id, bigint>();
  let earliest: bigint | null = null;
  for (const { id, time, sequence } of newestFirst.toReversed()) {
    if (sequence === null) continue;
    const at = instantNs(time);
    const arrival: bigint = earliest === null || at > earliest ? at : earliest;
    arrivals.set(id, arrival);
    if (arrival < nowNs) earliest = arrival;
  }
  return arrivals;
}

function isWithin(duration: CalendarDuration | undefined, latest: string | null, arrival: bigint): boolean {
  if (duration === undefined || isZero(duration)) return false;
  return latest === null || arrival > instantBefore(latest, duration);
}

function isZero(duration: CalendarDuration | undefined): boolean {
  return duration === undefined || durationText(duration) === "";
}

function durationText(duration: CalendarDuration | undefined): string {
  return duration === undefined ? "" : formatCalendarDuration(duration);
}
