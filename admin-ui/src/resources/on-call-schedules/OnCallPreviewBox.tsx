import { fitInput } from "@mycloud/protocol/form-schema";
import { OnCallScheduleInput } from "@mycloud/protocol/on-call";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useWatch } from "react-hook-form";
import { Calendar } from "../../calendar/Calendar.tsx";
import { clockText, dayText, startOfDay } from "../../calendar/zoned-time.ts";
import { useSettled } from "../../form/useSettled.ts";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { useConsole } from "../../providers/hooks.ts";
import { useNow } from "../../time/NowContext.tsx";
import { calendarWeeks } from "./calendar-weeks.ts";

const weeks = 6;

/** Who is on call now and for the next weeks by a schedule as written. */
export function OnCallCalendar({ schedule }: { schedule: Readonly<Record<string, unknown>> }) {
  const provider = useConsole();
  const nowMs = useNow();
  const parsed = OnCallScheduleInput.safeParse({
    ...fitInput(OnCallScheduleInput, schedule),
    name: String(schedule.name || "new"),
  });
  const settled = useSettled(parsed.success ? parsed.data : null);
  const timeZone = settled?.timeZone ?? "UTC";
  const fromMs = startOfDay(nowMs, timeZone);
  const { data, error, refetch } = useQuery({
    queryKey: ["on-call-schedules", "preview", settled, fromMs],
    enabled: settled !== null,
    queryFn: ({ signal }) =>
      provider.previewOnCall(
        {
          schedule: { ...settled, members: settled?.members ?? [], startDate: settled?.startDate ?? "" },
          fromMs,
          days: weeks * 7 + 1,
        },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
  if (!parsed.success)
    return <p className="hint">What is written is not complete yet; the next weeks show when it is.</p>;
  if (error) return <ErrorMessage error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonLines count={4} />;
  const { rows, bars } = calendarWeeks(data.turns, fromMs, timeZone, weeks);
  const turn = data.turns.find((each) => each.fromMs <= nowMs && nowMs < each.untilMs);
  const ticks = Array.from({ length: 7 }, (_, day) => dayText(startOfDay(fromMs, timeZone, day), timeZone).slice(0, 3));
  return (
    <>
      <p style={{ marginTop: 0 }} aria-live="polite">
        {turn ? (
          <>
            <b>{turn.contact}</b> is on call now{turn.isOverride ? ", by an override," : ""} until{" "}
            {dayText(turn.untilMs, timeZone)} {clockText(turn.untilMs, timeZone)}
          </>
        ) : (
          <b className="tone-warning">Nobody is on call now</b>
        )}
      </p>
      <Calendar
        label={`Who is on call in the next ${weeks} weeks, on the clock of ${timeZone}`}
        kind="weeks"
        rows={rows}
        bars={bars}
        nowMs={nowMs}
        ticks={ticks}
      />
    </>
  );
}

/** The same of what is in the form. */
export function OnCallPreviewBox() {
  const schedule: Record<string, unknown> = useWatch();
  return (
    <fieldset>
      <legend>The next weeks, as written</legend>
      <OnCallCalendar schedule={schedule} />
    </fieldset>
  );
}
