import { TextInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";
import { RecipientChangesBox } from "../../definition/RecipientChangesBox.tsx";
import { NamesInput } from "../../form/NamesInput.tsx";
import { RowsInput } from "../../form/RowsInput.tsx";
import { TimeZoneInput } from "../../form/TimeZoneInput.tsx";
import { Panel } from "../../record/Panel.tsx";
import { TimePeriodCalendar, TimePeriodPreviewBox } from "./TimePeriodPreviewBox.tsx";
import { TimesInput } from "./TimesInput.tsx";
import { formatTimes, weeklyText } from "./times-text.ts";
import { WeeklyInput } from "./WeeklyInput.tsx";

function TimePeriodInputs() {
  return (
    <>
      <fieldset>
        <legend>Every week</legend>
        <div className="form-grid">
          <TextInput source="alias" label="Description" helperText={false} />
          <TimeZoneInput source="timeZone" />
        </div>
        <WeeklyInput />
      </fieldset>
      <fieldset>
        <legend>Exceptions</legend>
        <RowsInput
          source="exceptions"
          noun="exception"
          fresh={() => ({ days: "", times: [] })}
          isOrdered
          empty="Days that have other times than their weekday: holidays, the last of the month, ..."
        >
          {(path) => (
            <div className="form-grid">
              <TextInput
                source={`${path}.days`}
                label="Days"
                helperText="2026-12-24 · december 25 · day -1 · monday 3 · monday -1 may · july 10 - 15 / 2"
              />
              <TimesInput source={`${path}.times`} label="Times" placeholder="none: not at all" />
            </div>
          )}
        </RowsInput>
        <NamesInput
          source="exclude"
          label="Without these periods"
          reference="time-periods"
          helperText="Their times are taken out, each on its own clock"
        />
      </fieldset>
      <TimePeriodPreviewBox />
      <RecipientChangesBox kind="TimePeriod" />
    </>
  );
}

export const timePeriodPages = createPages<"TimePeriod">({
  kind: "TimePeriod",
  title: "Time periods",
  subtitle: "When checks run and people are told: weekly times, holidays, in a time zone",
  empty:
    "A time period says when something holds. Contacts, rules, checks and dependencies name one; without, it is always.",
  columns: [
    {
      key: "weekly",
      label: "Every week",
      narrow: "full",
      render: ({ weekly }) => <span className="clip">{weeklyText(weekly)}</span>,
    },
    { key: "zone", label: "Time zone", width: 140, render: ({ timeZone }) => <span className="clip">{timeZone}</span> },
    {
      key: "exceptions",
      label: "Exceptions",
      width: 94,
      isNumber: true,
      narrow: "hide",
      render: ({ exceptions }) => exceptions.length,
    },
  ],
  Inputs: TimePeriodInputs,
  facts: (period) => [
    ["Description", period.alias || null],
    ["Time zone", period.timeZone],
    ["Every week", weeklyText(period.weekly)],
    [
      "Exceptions",
      period.exceptions.length === 0 ? null : (
        <ul key="exceptions" className="used-by">
          {period.exceptions.map(({ days, times }) => (
            <li key={days}>
              <b>{days}</b> {times.length === 0 ? "not at all" : formatTimes(times)}
            </li>
          ))}
        </ul>
      ),
    ],
    ["Without", period.exclude.join(", ") || null],
  ],
  Panels: ({ record }) => (
    <Panel title="The next two weeks">
      <TimePeriodCalendar period={record} />
    </Panel>
  ),
});
