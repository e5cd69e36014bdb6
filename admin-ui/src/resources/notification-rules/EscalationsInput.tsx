import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { NotifiableState } from "@mycloud/protocol/notification";
import { NumberInput } from "react-admin";
import { useFormContext, useWatch } from "react-hook-form";
import { ChoicesInput } from "../../form/ChoicesInput.tsx";
import { DurationInput } from "../../form/DurationInput.tsx";
import { NameInput, NamesInput } from "../../form/NamesInput.tsx";
import { RowsInput } from "../../form/RowsInput.tsx";

const year = 31_622_400;

/** Who is told instead when a problem lasts. */
export function EscalationsInput() {
  return (
    <RowsInput
      source="escalations"
      noun="escalation"
      fresh={() => ({
        afterCount: null,
        untilCount: null,
        afterSeconds: 1800,
        untilSeconds: null,
        contacts: [],
        contactGroups: [],
        onCall: [],
        states: null,
        period: null,
        repeatIntervalSeconds: null,
      })}
      empty="Nobody else is told, however long a problem lasts."
    >
      {(path) => <EscalationInputs path={path} />}
    </RowsInput>
  );
}

function EscalationInputs({ path }: { path: string }) {
  const { setValue } = useFormContext();
  const afterCount: unknown = useWatch({ name: `${path}.afterCount` });
  const isByCount = typeof afterCount === "number";
  const setKind = (isCount: boolean) => {
    setValue(`${path}.afterCount`, isCount ? 2 : null, { shouldDirty: true });
    setValue(`${path}.afterSeconds`, isCount ? null : 1800, { shouldDirty: true });
  };
  return (
    <>
      <div className="form-grid">
        <TextField
          select
          label="Begins"
          value={isByCount ? "count" : "time"}
          onChange={(event) => setKind(event.target.value === "count")}
        >
          <MenuItem value="time">when the problem is old enough</MenuItem>
          <MenuItem value="count">after some messages</MenuItem>
        </TextField>
        {isByCount ? (
          <NumberInput
            source={`${path}.afterCount`}
            label="After so many messages"
            min={0}
            max={1_000_000}
            helperText="0: with the first"
          />
        ) : (
          <DurationInput source={`${path}.afterSeconds`} label="After" min={0} max={year} />
        )}
        {isByCount ? (
          <NumberInput
            source={`${path}.untilCount`}
            label="Until so many messages"
            min={1}
            max={1_000_000}
            helperText="Empty: for good"
          />
        ) : (
          <DurationInput
            source={`${path}.untilSeconds`}
            label="Until"
            min={1}
            max={year}
            helperText="empty: for good"
          />
        )}
        <DurationInput
          source={`${path}.repeatIntervalSeconds`}
          label="Repeated every"
          min={0}
          max={year}
          helperText="empty: as the rule says; 0: never again"
        />
      </div>
      <NamesInput source={`${path}.contacts`} label="Contacts" reference="contacts" />
      <div className="form-grid">
        <NamesInput source={`${path}.contactGroups`} label="Contact groups" reference="contact-groups" />
        <NamesInput source={`${path}.onCall`} label="On call" reference="on-call-schedules" />
      </div>
      <details className="more">
        <summary>Only in some states or times</summary>
        <ChoicesInput
          source={`${path}.states`}
          label="In these states only; none: in all"
          choices={NotifiableState.options}
        />
        <NameInput
          source={`${path}.period`}
          label="In the time period"
          reference="time-periods"
          helperText="Empty: always"
        />
      </details>
    </>
  );
}
