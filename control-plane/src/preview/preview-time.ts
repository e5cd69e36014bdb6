import { createTimePeriods } from "@mycloud/checks/time-period";
import type { OnCallScheduleInput } from "@mycloud/protocol/on-call";
import type { OnCallPreview, Stretch, TimePeriodPreview } from "@mycloud/protocol/preview";
import type { TimePeriodInput } from "@mycloud/protocol/time-period";
import { Cron } from "croner";
import { refuseSchedule } from "../downtime/plan-occurrences.ts";
import { onCallAt } from "../on-call/index.ts";

const dayMs = 86_400_000;
const maximumStretches = 2_000;
/** A name nobody can give a period, for one that is being written. */
const proposedName = "\u0000proposed";

/** When a period as written holds; `stored` are the others, which it may exclude. Pure. */
export function previewTimePeriod(
  period: TimePeriodInput,
  stored: readonly TimePeriodInput[],
  fromMs: number,
  days: number,
): TimePeriodPreview {
  // It stands in the place of the stored one of its name, so that whoever excludes it in a circle is left out as in earnest.
  const others = stored.filter(({ name }) => name !== period.name);
  const name = period.name === "" ? proposedName : period.name;
  const periods = createTimePeriods([...others, { ...period, name }]);
  const untilMs = fromMs + days * dayMs;
  const stretches: Stretch[] = [];
  let atMs = fromMs;
  while (atMs < untilMs && stretches.length < maximumStretches) {
    const startMs = periods.nextStart(name, atMs);
    if (startMs === null || startMs >= untilMs) break;
    const endMs = periods.nextEnd(name, startMs) ?? untilMs;
    stretches.push({ fromMs: startMs, untilMs: Math.min(endMs, untilMs) });
    atMs = endMs;
  }
  const isInside = periods.isInside(name, fromMs);
  const changesAtMs = isInside ? periods.nextEnd(name, fromMs) : periods.nextStart(name, fromMs);
  return { fromMs, untilMs, isInside, changesAtMs, stretches };
}

/** Who is on call from an instant on, turn by turn; before the first hand-over nobody is. Pure. */
export function previewOnCall(schedule: OnCallScheduleInput, fromMs: number, days: number): OnCallPreview {
  const untilMs = fromMs + days * dayMs;
  const turns: OnCallPreview["turns"] = [];
  let atMs = fromMs;
  while (atMs < untilMs) {
    const turn = onCallAt(schedule, atMs);
    if (turn === null) {
      const nextMs = firstTurnAfter(schedule, atMs, untilMs);
      if (nextMs === null) break;
      atMs = nextMs;
      continue;
    }
    const { contact, isOverride } = turn;
    turns.push({
      contact,
      isOverride,
      fromMs: Math.max(turn.fromMs, fromMs),
      untilMs: Math.min(turn.untilMs, untilMs),
    });
    atMs = turn.untilMs;
  }
  return { fromMs, untilMs, turns };
}

/** The first instant after `atMs`, where nobody is on call, at which somebody is; null when none is before `untilMs`. */
function firstTurnAfter(schedule: OnCallScheduleInput, atMs: number, untilMs: number): number | null {
  const starts = schedule.overrides.filter(({ fromMs, untilMs: end }) => fromMs > atMs && end > fromMs);
  const limitMs = Math.min(untilMs, ...starts.map(({ fromMs }) => fromMs));
  if (onCallAt({ ...schedule, overrides: [] }, limitMs) === null) return limitMs < untilMs ? limitMs : null;
  // The rotation begins in between; from there on it never ends, so that its beginning can be halved to.
  let [before, after] = [atMs, limitMs];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (onCallAt(schedule, middle) === null) before = middle;
    else after = middle;
  }
  return after;
}

/** When a schedule fires next after an instant, or why never. Pure. */
export function previewSchedule(cron: string, timeZone: string, fromMs: number, count: number) {
  const fault = refuseSchedule(cron, timeZone);
  if (fault !== null) return { fault, startsAtMs: [] };
  const runs = new Cron(cron, { timezone: timeZone, paused: true }).nextRuns(count, new Date(fromMs));
  return { fault: null, startsAtMs: runs.map((run) => run.getTime()) };
}
