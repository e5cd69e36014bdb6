import type { OnCallScheduleInput } from "@mycloud/protocol/on-call";
import { weekdays } from "@mycloud/protocol/time-period";

/** Whose turn it is. */
export interface OnCallTurn {
  /** A contact's name. */
  readonly contact: string;
  readonly isOverride: boolean;
  /** From when until when this contact is on call without a break, ms UTC: until the hand-over, or where an override begins or ends. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * Who is on call at an instant (ms UTC); null before the first hand-over. Of overrides that overlap, the one written last counts. A hand-over at a
 * time that a night's change of clocks leaves out happens as much later as the clocks are put forward; one that comes twice, at the first. Pure.
 */
export function onCallAt(schedule: OnCallScheduleInput, atMs: number): OnCallTurn | null {
  const turn = rotationAt(schedule, atMs);
  const overrides = schedule.overrides.filter(({ fromMs, untilMs }) => fromMs < untilMs);
  const index = overrides.findLastIndex(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
  const override = overrides[index];
  if (override === undefined && turn === null) return null;
  const base =
    override === undefined
      ? {
          contact: turn?.contact ?? "",
          isOverride: false,
          fromMs: turn?.fromMs ?? atMs,
          untilMs: turn?.untilMs ?? atMs,
        }
      : { contact: override.contact, isOverride: true, fromMs: override.fromMs, untilMs: override.untilMs };
  // Later overrides cut into this one, and every override cuts into the rotation.
  let { fromMs, untilMs } = base;
  for (const other of overrides.slice(index + 1)) {
    if (other.fromMs > atMs) untilMs = Math.min(untilMs, other.fromMs);
    else if (other.untilMs <= atMs) fromMs = Math.max(fromMs, other.untilMs);
  }
  return { ...base, fromMs, untilMs };
}

function rotationAt(schedule: OnCallScheduleInput, atMs: number): Omit<OnCallTurn, "isOverride"> | null {
  const { members, timeZone, every } = schedule;
  const first = firstHandOver(schedule);
  if (atMs < handOverMs(schedule, first)) return null;
  const days = every === "week" ? 7 : 1;
  const today = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
  let turns = Math.floor(first.until(today, { largestUnit: "days" }).days / days);
  // The hand-over is at a time of the day: until then, the day belongs to the one before.
  if (atMs < handOverMs(schedule, first.add({ days: turns * days }))) turns--;
  const contact = members[turns % members.length];
  if (contact === undefined) return null;
  return {
    contact,
    fromMs: handOverMs(schedule, first.add({ days: turns * days })),
    untilMs: handOverMs(schedule, first.add({ days: (turns + 1) * days })),
  };
}

/** The day of the first hand-over: `startDate`, or the first right weekday after it. */
function firstHandOver({ startDate, every, weekday }: OnCallScheduleInput): Temporal.PlainDate {
  const start = Temporal.PlainDate.from(startDate);
  if (every === "day") return start;
  const wanted = weekdays.indexOf(weekday) + 1;
  return start.add({ days: (wanted - start.dayOfWeek + 7) % 7 });
}

function handOverMs({ time, timeZone }: OnCallScheduleInput, day: Temporal.PlainDate): number {
  return day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;
}
