import TextField from "@mui/material/TextField";
import { BooleanInput, required, TextInput, useInput } from "react-admin";
import { useWatch } from "react-hook-form";
import { DurationInput } from "../../form/DurationInput.tsx";
import { CreatePage } from "../../form/FormPage.tsx";
import { pickFields } from "../../form/pick-fields.ts";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { fromLocalInput, toLocalInput } from "../../time/duration.ts";

function InstantInput({ source, label }: { source: string; label: string }) {
  const { field, fieldState } = useInput<number>({ source, validate: required() });
  return (
    <TextField
      label={label}
      type="datetime-local"
      defaultValue={field.value ? toLocalInput(field.value) : ""}
      error={fieldState.error !== undefined}
      helperText={fieldState.error?.message}
      onChange={(event) => field.onChange(fromLocalInput(event.target.value))}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  );
}

/** A flexible downtime has a duration of its own; a fixed one may remind of its end. */
function LengthInput() {
  const isFixed: unknown = useWatch({ name: "isFixed" });
  return isFixed === false ? (
    <DurationInput source="durationSeconds" label="Quiet this long from the first bad state" min={1} max={31_622_400} />
  ) : (
    <DurationInput
      source="reminderSeconds"
      label="Remind before the end"
      min={60}
      max={604_800}
      helperText="only when something it covers is still bad"
    />
  );
}

export function DowntimeCreate() {
  const nowMs = Date.now();
  return (
    <CreatePage
      title="New downtime"
      subtitle="Covers whatever the selector matches, hosts and services added later included"
      defaults={{
        selector: {},
        startAtMs: nowMs,
        endAtMs: nowMs + 7_200_000,
        comment: "",
        isFixed: true,
        durationSeconds: 1800,
        reminderSeconds: null,
      }}
      transform={(values) => ({
        ...pickFields(values, ["selector", "startAtMs", "endAtMs", "comment", "isFixed", "reminderSeconds"]),
        durationSeconds: values.isFixed === false ? values.durationSeconds : null,
      })}
    >
      <fieldset>
        <legend>When and why</legend>
        <TextInput source="comment" label="Why" validate={required()} helperText={false} />
        <div className="form-grid">
          <InstantInput source="startAtMs" label="From" />
          <InstantInput source="endAtMs" label="Until" />
        </div>
        <BooleanInput source="isFixed" label="From beginning to end, whatever happens" helperText={false} />
        <LengthInput />
      </fieldset>
      <fieldset>
        <legend>What it covers</legend>
        <SelectorInput source="selector" hasServices />
      </fieldset>
    </CreatePage>
  );
}
