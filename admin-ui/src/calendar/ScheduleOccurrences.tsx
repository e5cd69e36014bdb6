import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSettled } from "../form/useSettled.ts";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { useConsole } from "../providers/hooks.ts";
import { RelativeTime } from "../time/RelativeTime.tsx";
import { occurrenceRows } from "./occurrence-rows.ts";

/** When a cron line fires next in its zone, or why it never does. `lengthSeconds` 0: a moment. */
export function ScheduleOccurrences({
  cron,
  timeZone,
  lengthSeconds,
  count = 8,
}: {
  cron: string;
  timeZone: string;
  lengthSeconds: number;
  count?: number;
}) {
  const provider = useConsole();
  const asked = useSettled({ cron: cron.trim(), timeZone, count });
  const { data, error, refetch } = useQuery({
    queryKey: ["schedule-preview", asked],
    enabled: asked.cron !== "",
    queryFn: ({ signal }) => provider.previewSchedule(asked, signal),
    placeholderData: keepPreviousData,
  });
  if (asked.cron === "") return <p className="hint">Its next times show when there is a schedule.</p>;
  if (error) return <ErrorMessage error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonLines count={4} />;
  if (data.fault !== null) {
    return (
      <p className="fault" role="alert">
        {data.fault}
      </p>
    );
  }
  const isLong = lengthSeconds > 0;
  return (
    <table
      className="table occurrences"
      aria-label={`Next times, on the clock of ${asked.timeZone}`}
      aria-live="polite"
    >
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col">{isLong ? "From" : "At"}</th>
          {isLong ? <th scope="col">Until</th> : null}
          <th scope="col">Clock</th>
          <th scope="col">That is</th>
        </tr>
      </thead>
      <tbody>
        {occurrenceRows(data.startsAtMs, lengthSeconds, asked.timeZone).map((row) => (
          <tr key={row.atMs}>
            <td>{row.day}</td>
            <td>
              <b>{row.start}</b>
            </td>
            {isLong ? <td>{row.end}</td> : null}
            <td>
              {row.offset}
              {row.remark ? <span className="mark"> {row.remark}</span> : null}
            </td>
            <td>
              <RelativeTime atMs={row.atMs} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
