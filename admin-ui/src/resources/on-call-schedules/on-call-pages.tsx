import { weekdays } from "@mycloud/protocol/time-period";
import { SelectInput, TextInput } from "react-admin";
import { useWatch } from "react-hook-form";
import { createPages } from "../../definition/create-pages.tsx";
import { InstantInput } from "../../form/InstantInput.tsx";
import { NameInput } from "../../form/NamesInput.tsx";
import { OrderedNamesInput } from "../../form/OrderedNamesInput.tsx";
import { RowsInput } from "../../form/RowsInput.tsx";
import { TimeZoneInput } from "../../form/TimeZoneInput.tsx";
import { Panel } from "../../record/Panel.tsx";
import { formatAbsolute } from "../../time/duration.ts";
import { OnCallCalendar, OnCallPreviewBox } from "./OnCallPreviewBox.tsx";

const hourMs = 3_600_000;
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function HandOverInputs() {
  const every: unknown = useWatch({ name: "every" });
  return (
    <div className="form-grid">
      <SelectInput
        source="every"
        label="Hand over"
        choices={[
          { id: "week", name: "every week" },
          { id: "day", name: "every day" },
        ]}
        helperText={false}
      />
      {every === "day" ? null : (
        <SelectInput
          source="weekday"
          label="On"
          choices={weekdays.map((weekday) => ({ id: weekday, name: capital(weekday) }))}
          helperText={false}
        />
      )}
      <TextInput source="time" label="At" type="time" helperText={false} />
      <TimeZoneInput source="timeZone" helperText="Whose clock hands over, summer time included" />
      <TextInput
        source="startDate"
        label="First hand-over"
        type="date"
        isRequired
        helperText={every === "day" ? "The first member's first day" : "Or the first right weekday after it"}
        slotProps={{ inputLabel: { shrink: true } }}
      />
    </div>
  );
}

function OnCallInputs() {
  return (
    <>
      <fieldset>
        <legend>Rotation</legend>
        <OrderedNamesInput
          source="members"
          label="Members, in the order of their turns"
          noun="member"
          reference="contacts"
          helperText="Turns go round from the first to the last; a contact may have more than one"
        />
        <HandOverInputs />
      </fieldset>
      <fieldset>
        <legend>Overrides</legend>
        <RowsInput
          source="overrides"
          noun="override"
          fresh={() => {
            const fromMs = Math.ceil(Date.now() / hourMs) * hourMs;
            return { contact: "", fromMs, untilMs: fromMs + 24 * hourMs };
          }}
          empty="Somebody else for a while: holidays, a swap. Of two at once the one further down counts."
          isOrdered
        >
          {(path) => (
            <div className="form-grid">
              <NameInput source={`${path}.contact`} label="Contact" reference="contacts" isRequired />
              <InstantInput source={`${path}.fromMs`} label="From" helperText="On your own clock" />
              <InstantInput source={`${path}.untilMs`} label="Until" />
            </div>
          )}
        </RowsInput>
      </fieldset>
      <OnCallPreviewBox />
    </>
  );
}

function handOverText({ every, weekday, time }: { every: string; weekday: string; time: string }): string {
  return every === "day" ? `every day at ${time}` : `every ${capital(weekday)} at ${time}`;
}

export const onCallPages = createPages<"OnCallSchedule">({
  kind: "OnCallSchedule",
  title: "On call",
  subtitle: "Whose turn it is to be told: a rotation with hand-overs, and who steps in",
  empty: "A schedule has its members take turns. Rules and escalations name it, and whoever's turn it is gets told.",
  columns: [
    {
      key: "members",
      label: "Members",
      narrow: "full",
      render: ({ members }) => <span className="clip">{members.join(", ")}</span>,
    },
    { key: "handOver", label: "Hand-over", width: "24%", narrow: "full", render: (schedule) => handOverText(schedule) },
    { key: "zone", label: "Time zone", width: 130, narrow: "hide", render: ({ timeZone }) => timeZone },
  ],
  // A week ago, so that the first hand-over is over and somebody is on call at once.
  defaults: () => ({ members: [], startDate: new Date(Date.now() - 7 * 24 * hourMs).toISOString().slice(0, 10) }),
  Inputs: OnCallInputs,
  facts: (schedule) => [
    ["Members", schedule.members.join(", ")],
    ["Hand-over", `${handOverText(schedule)}, ${schedule.timeZone}`],
    ["Since", schedule.startDate],
    [
      "Overrides",
      schedule.overrides.length === 0 ? null : (
        <ul key="overrides" className="used-by">
          {schedule.overrides.map(({ contact, fromMs, untilMs }) => (
            <li key={`${contact} ${fromMs}`}>
              <b>{contact}</b>
              <span className="quiet">
                {formatAbsolute(fromMs)} to {formatAbsolute(untilMs)}
              </span>
            </li>
          ))}
        </ul>
      ),
    ],
  ],
  Panels: ({ record }) => (
    <Panel title="Who is on call">
      <OnCallCalendar schedule={record} />
    </Panel>
  ),
});
