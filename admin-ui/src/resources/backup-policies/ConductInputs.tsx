import { BooleanInput, NumberInput, SelectInput, TextInput } from "react-admin";
import { useWatch } from "react-hook-form";
import { ScheduleOccurrences } from "../../calendar/ScheduleOccurrences.tsx";
import { DurationInput } from "../../form/DurationInput.tsx";
import { NameInput } from "../../form/NamesInput.tsx";
import { RowsInput } from "../../form/RowsInput.tsx";
import { TimeZoneInput } from "../../form/TimeZoneInput.tsx";
import { WordsInput } from "../../form/WordsInput.tsx";
import { WindowInput } from "./WindowInput.tsx";

const timings = [
  { id: "agent", name: "the agent, by this schedule" },
  { id: "timer", name: "the host's own timer (mycloud-sync.timer)" },
];
const whetherToRun = [
  { id: "run", name: "back up all the same" },
  { id: "skip", name: "wait" },
];
const kept = [
  ["keepLast", "newest"],
  ["keepHourly", "hourly"],
  ["keepDaily", "daily"],
  ["keepWeekly", "weekly"],
  ["keepMonthly", "monthly"],
  ["keepYearly", "yearly"],
] as const;

/** When it runs. */
export function ScheduleInputs() {
  const [cron, timeZone, timing]: unknown[] = useWatch({ name: ["schedule.cron", "schedule.timeZone", "timing"] });
  return (
    <fieldset>
      <legend>When</legend>
      <SelectInput source="timing" label="Begun by" choices={timings} helperText={false} />
      {timing === "timer" ? null : (
        <>
          <div className="form-grid">
            <TextInput
              source="schedule.cron"
              label="Schedule (cron)"
              isRequired
              helperText="minute hour day month weekday: 0 2 * * * is every night at 2:00"
            />
            <TimeZoneInput source="schedule.timeZone" />
            <DurationInput
              source="schedule.splaySeconds"
              label="Spread hosts over"
              min={0}
              max={86_400}
              helperText="each host always at the same time within it"
            />
            <WindowInput source="schedule.window" />
          </div>
          <BooleanInput source="schedule.catchUp" label="Make up for a time that was missed" helperText={false} />
          <ScheduleOccurrences
            cron={String(cron ?? "")}
            timeZone={String(timeZone ?? "UTC")}
            lengthSeconds={0}
            count={3}
          />
        </>
      )}
    </fieldset>
  );
}

/** What is promised, how long snapshots are kept, and where. */
export function PromiseInputs() {
  return (
    <>
      <fieldset>
        <legend>What is promised</legend>
        <div className="form-grid">
          <DurationInput
            source="objectives.rpoSeconds"
            label="RPO: the newest snapshot is at most this old"
            min={1}
            max={31_536_000}
            helperText="WARNING at 80 % of it, CRITICAL at 100 %; empty: nothing is promised"
          />
          <DurationInput
            source="objectives.rtoSeconds"
            label="RTO: everything is restored within"
            min={1}
            max={31_536_000}
          />
          <DurationInput
            source="objectives.drillEverySeconds"
            label="Try a restore every"
            min={3600}
            max={31_536_000}
            helperText="a sample is restored and compared; empty: never"
          />
        </div>
      </fieldset>
      <fieldset>
        <legend>Snapshots kept</legend>
        <div className="form-grid narrow">
          {kept.map(([name, text]) => (
            <NumberInput
              key={name}
              source={`retention.${name}`}
              label={text}
              min={-1}
              max={100_000}
              helperText={false}
            />
          ))}
          <TextInput source="retention.keepWithin" label="all within" helperText="30d, 1y6m" />
        </div>
        <p className="hint">All empty: every snapshot is kept. What is held by hand is kept in any case.</p>
      </fieldset>
      <fieldset>
        <legend>Where</legend>
        <div className="form-grid">
          <NameInput
            source="storage"
            label="Storage server"
            reference="storage-servers"
            helperText="empty: the default one"
          />
          <SelectInput
            source="keyMode"
            label="Key"
            choices={[
              { id: "managed", name: "managed: kept here, sealed; files can be looked at in the console" },
              { id: "private", name: "private: on the host alone" },
            ]}
            helperText="of repositories made from now on"
          />
          <NumberInput source="quotaBytes" label="Quota of each host, bytes" min={1} helperText="empty: none" />
        </div>
      </fieldset>
    </>
  );
}

/** How it behaves on the host. */
export function ConductInputs() {
  return (
    <fieldset>
      <legend>On the host</legend>
      <div className="form-grid">
        <SelectInput source="onBattery" label="On battery" choices={whetherToRun} helperText={false} />
        <SelectInput source="onMetered" label="On a metered connection" choices={whetherToRun} helperText={false} />
        <WordsInput
          source="hooksBefore"
          label="Hooks before"
          helperText="names from backupHooks: in the agent's own policy file"
        />
        <WordsInput source="hooksAfter" label="Hooks after" helperText="these always run" />
      </div>
      <RowsInput
        source="bandwidth"
        noun="limit"
        fresh={() => ({ from: "08:00", to: "18:00", uploadBytesPerSecond: 1_000_000, downloadBytesPerSecond: null })}
        empty="As fast as it goes, at all times."
        isOrdered
      >
        {(path) => (
          <div className="form-grid">
            <TextInput source={`${path}.from`} label="From" type="time" isRequired helperText={false} />
            <TextInput source={`${path}.to`} label="To" type="time" isRequired helperText={false} />
            <NumberInput
              source={`${path}.uploadBytesPerSecond`}
              label="Upload, bytes a second"
              min={1024}
              helperText={false}
            />
            <NumberInput
              source={`${path}.downloadBytesPerSecond`}
              label="Download, bytes a second"
              min={1024}
              helperText={false}
            />
          </div>
        )}
      </RowsInput>
    </fieldset>
  );
}
