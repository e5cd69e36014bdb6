import { BooleanInput, TextInput } from "react-admin";
import { useWatch } from "react-hook-form";
import { Link } from "react-router-dom";
import { ScheduleOccurrences } from "../../calendar/ScheduleOccurrences.tsx";
import { createPages } from "../../definition/create-pages.tsx";
import { DurationInput } from "../../form/DurationInput.tsx";
import { TimeZoneInput } from "../../form/TimeZoneInput.tsx";
import { Panel } from "../../record/Panel.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { SelectorCoverage, SelectorPreviewBox } from "../../selector/SelectorPreviewBox.tsx";
import { serviceSelectorText } from "../../selector/selector-text.ts";
import { formatDuration } from "../../time/duration.ts";

function OccurrencesBox() {
  const [cron, timeZone, durationSeconds]: unknown[] = useWatch({ name: ["cron", "timeZone", "durationSeconds"] });
  return (
    <fieldset>
      <legend>Next times, as written</legend>
      <ScheduleOccurrences
        cron={String(cron ?? "")}
        timeZone={String(timeZone ?? "UTC")}
        lengthSeconds={typeof durationSeconds === "number" ? durationSeconds : 0}
      />
    </fieldset>
  );
}

function RecurringDowntimeInputs() {
  return (
    <>
      <fieldset>
        <legend>When and why</legend>
        <TextInput source="comment" label="Why" isRequired helperText={false} />
        <div className="form-grid">
          <TextInput
            source="cron"
            label="Schedule (cron)"
            isRequired
            helperText="minute hour day month weekday: 0 3 * * 0 is Sundays at 3:00"
          />
          <TimeZoneInput source="timeZone" />
          <DurationInput source="durationSeconds" label="For" min={60} max={31_622_400} />
          <DurationInput
            source="reminderSeconds"
            label="Remind before the end"
            min={60}
            max={604_800}
            helperText="only when something it covers is still bad"
          />
        </div>
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
      <OccurrencesBox />
      <fieldset>
        <legend>What it covers</legend>
        <SelectorInput source="selector" hasServices />
        <SelectorPreviewBox source="selector" />
      </fieldset>
    </>
  );
}

export const recurringDowntimePages = createPages<"RecurringDowntime">({
  kind: "RecurringDowntime",
  title: "Recurring downtimes",
  subtitle: "Planned quiet by a schedule, on the clock of a place",
  empty: "For what is done every night or every month: each time becomes a downtime of its own, a day ahead.",
  columns: [
    {
      key: "schedule",
      label: "Schedule",
      width: "24%",
      narrow: "full",
      render: ({ cron, timeZone, durationSeconds }) => (
        <span className="clip">
          <code className="mono">{cron}</code> {timeZone}, for {formatDuration(durationSeconds)}
        </span>
      ),
    },
    {
      key: "selector",
      label: "Covers",
      narrow: "full",
      render: ({ selector }) => <span className="clip">{serviceSelectorText(selector)}</span>,
    },
    {
      key: "comment",
      label: "Why",
      width: "18%",
      narrow: "hide",
      render: ({ comment }) => <span className="clip">{comment}</span>,
    },
  ],
  defaults: () => ({ selector: {}, cron: "0 3 * * 0", durationSeconds: 7200, comment: "" }),
  Inputs: RecurringDowntimeInputs,
  facts: (downtime) => [
    ["Why", downtime.comment],
    ["Schedule", `${downtime.cron}, ${downtime.timeZone}`],
    ["For", formatDuration(downtime.durationSeconds)],
    [
      "Reminder",
      downtime.reminderSeconds === null ? null : `${formatDuration(downtime.reminderSeconds)} before the end`,
    ],
    ["Covers", serviceSelectorText(downtime.selector)],
    [
      "Downtimes it made",
      <Link key="made" to={`/downtimes?filter=${encodeURIComponent(JSON.stringify({ recurringName: downtime.name }))}`}>
        show them
      </Link>,
    ],
  ],
  Panels: ({ record }) => (
    <>
      <Panel title="Next times" isFlush>
        <ScheduleOccurrences cron={record.cron} timeZone={record.timeZone} lengthSeconds={record.durationSeconds} />
      </Panel>
      <Panel title="What it covers now">
        <SelectorCoverage selector={record.selector} />
      </Panel>
    </>
  ),
});
