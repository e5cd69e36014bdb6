import { fitInput } from "@mycloud/protocol/form-schema";
import { TimePeriodInput } from "@mycloud/protocol/time-period";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useWatch } from "react-hook-form";
import { Calendar } from "../../calendar/Calendar.tsx";
import { dayText, startOfDay } from "../../calendar/zoned-time.ts";
import { useSettled } from "../../form/useSettled.ts";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { useConsole } from "../../providers/hooks.ts";
import { useNow } from "../../time/NowContext.tsx";
import { calendarDays, insideText } from "./calendar-days.ts";

const days = 14;

/** The next two weeks of a period as written, and whether it is inside now. */
export function TimePeriodCalendar({ period }: { period: Readonly<Record<string, unknown>> }) {
  const provider = useConsole();
  const nowMs = useNow();
  const minuteMs = Math.floor(nowMs / 60_000) * 60_000;
  const parsed = TimePeriodInput.safeParse({
    ...fitInput(TimePeriodInput, period),
    name: String(period.name || "new"),
  });
  const settled = useSettled(parsed.success ? parsed.data : null);
  const timeZone = settled?.timeZone ?? "UTC";
  const fromMs = startOfDay(minuteMs, timeZone);
  const calendar = useQuery({
    queryKey: ["time-periods", "preview", settled, fromMs],
    enabled: settled !== null,
    queryFn: ({ signal }) =>
      provider.previewTimePeriod({ period: settled ?? { name: "" }, fromMs, days: days + 1 }, signal),
    placeholderData: keepPreviousData,
  });
  const present = useQuery({
    queryKey: ["time-periods", "now", settled, minuteMs],
    enabled: settled !== null,
    queryFn: ({ signal }) =>
      provider.previewTimePeriod({ period: settled ?? { name: "" }, fromMs: minuteMs, days: 1 }, signal),
    placeholderData: keepPreviousData,
  });
  if (!parsed.success)
    return <p className="hint">What is written is not complete yet; the next two weeks show when it is.</p>;
  const error = calendar.error ?? present.error;
  if (error) return <ErrorMessage error={error} onRetry={() => void calendar.refetch()} />;
  if (!calendar.data || !present.data) return <SkeletonLines count={5} />;
  const { rows, bars } = calendarDays(calendar.data.stretches, fromMs, timeZone, days);
  return (
    <>
      <p style={{ marginTop: 0 }} aria-live="polite">
        <b className={present.data.isInside ? "tone-ok" : "tone-stale"}>
          {present.data.isInside ? "Now inside" : "Now outside"}
        </b>{" "}
        {insideText(present.data, timeZone)}
      </p>
      <Calendar
        label={`The next two weeks, on the clock of ${timeZone}, from ${dayText(fromMs, timeZone)}`}
        kind="days"
        rows={rows}
        bars={bars}
        nowMs={nowMs}
        ticks={["00", "06", "12", "18", "24"]}
      />
    </>
  );
}

/** The same of what is in the form. */
export function TimePeriodPreviewBox() {
  const period: Record<string, unknown> = useWatch();
  return (
    <fieldset>
      <legend>The next two weeks, as written</legend>
      <TimePeriodCalendar period={period} />
    </fieldset>
  );
}
