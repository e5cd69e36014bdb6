import type { OnCallPreview } from "@mycloud/protocol/preview";
import type { CalendarBar, CalendarRow } from "../../calendar/Calendar.tsx";
import { colourOf } from "../../calendar/place-bars.ts";
import { clockText, dayText, startOfDay } from "../../calendar/zoned-time.ts";

type Turn = OnCallPreview["turns"][number];

function turnText({ contact, isOverride, fromMs, untilMs }: Turn, timeZone: string): string {
  const moment = (atMs: number) => `${dayText(atMs, timeZone)} ${clockText(atMs, timeZone)}`;
  return `${contact}${isOverride ? " (override)" : ""} from ${moment(fromMs)} to ${moment(untilMs)}`;
}

/** A row for each week from `fromMs` on, the beginning of a day, and a bar for each turn. Pure. */
export function calendarWeeks(
  turns: readonly Turn[],
  fromMs: number,
  timeZone: string,
  weeks: number,
): { readonly rows: CalendarRow[]; readonly bars: CalendarBar[] } {
  const names = turns.map(({ contact }) => contact);
  const rows = Array.from({ length: weeks }, (_, week): CalendarRow => {
    const startMs = startOfDay(fromMs, timeZone, week * 7);
    const endMs = startOfDay(fromMs, timeZone, (week + 1) * 7);
    const own = turns.filter((turn) => turn.fromMs < endMs && turn.untilMs > startMs);
    const text = own.length === 0 ? "nobody is on call" : own.map((turn) => turnText(turn, timeZone)).join("; ");
    return { label: dayText(startMs, timeZone), startMs, endMs, text };
  });
  const bars = turns.map((turn): CalendarBar => {
    const { contact, isOverride, fromMs: from, untilMs } = turn;
    return {
      fromMs: from,
      untilMs,
      text: isOverride ? `${contact} ⇄` : contact,
      title: turnText(turn, timeZone),
      colour: colourOf(contact, [...names].sort()),
    };
  });
  return { rows, bars };
}
