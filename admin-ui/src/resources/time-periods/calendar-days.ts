import type { Stretch, TimePeriodPreview } from "@mycloud/protocol/preview";
import type { CalendarBar, CalendarRow } from "../../calendar/Calendar.tsx";
import { clockText, dayText, offsetText, startOfDay } from "../../calendar/zoned-time.ts";

/** A row for each day, with its times in words, and bars for the times inside. Pure. */
export function calendarDays(
  stretches: readonly Stretch[],
  fromMs: number,
  timeZone: string,
  days: number,
): { readonly rows: CalendarRow[]; readonly bars: CalendarBar[] } {
  const starts = Array.from({ length: days + 1 }, (_, day) => startOfDay(fromMs, timeZone, day));
  const rows = starts.slice(0, -1).map((startMs, day): CalendarRow => {
    const endMs = starts[day + 1] ?? startMs;
    const own = stretches.filter((stretch) => stretch.fromMs < endMs && stretch.untilMs > startMs);
    const times = own.map((stretch) => {
      const from = stretch.fromMs <= startMs ? "00:00" : clockText(stretch.fromMs, timeZone);
      const until = stretch.untilMs >= endMs ? "24:00" : clockText(stretch.untilMs, timeZone);
      return `${from}–${until}`;
    });
    const isLong = offsetText(startMs, timeZone) !== offsetText(endMs, timeZone);
    const text = times.length === 0 ? "not inside" : times.join(", ").replace(/^00:00–24:00$/, "all day");
    return {
      label: dayText(startMs, timeZone),
      startMs,
      endMs,
      text: isLong ? `${text} (clocks change)` : text,
      isTextShown: true,
    };
  });
  const bars = stretches.map(({ fromMs: from, untilMs }): CalendarBar => {
    const title = `${dayText(from, timeZone)} ${clockText(from, timeZone)} to ${dayText(untilMs, timeZone)} ${clockText(untilMs, timeZone)}`;
    return { fromMs: from, untilMs, text: "", title, colour: 0 };
  });
  return { rows, bars };
}

/** Until when a period is inside or outside, from a preview that begins now. Pure. */
export function insideText({ isInside, changesAtMs }: TimePeriodPreview, timeZone: string): string {
  if (changesAtMs === null) return isInside ? "and for good" : "and never again, as far as ten years show";
  const when = `${dayText(changesAtMs, timeZone)} ${clockText(changesAtMs, timeZone)} ${offsetText(changesAtMs, timeZone)}`;
  return isInside ? `until ${when}` : `until it begins on ${when}`;
}
