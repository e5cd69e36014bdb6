import TextField from "@mui/material/TextField";
import { required, TextInput, useInput } from "react-admin";
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

export function DowntimeCreate() {
  const nowMs = Date.now();
  return (
    <CreatePage
      title="New downtime"
      subtitle="Covers whatever the selector matches, hosts and services added later included"
      defaults={{ selector: {}, startAtMs: nowMs, endAtMs: nowMs + 7_200_000, comment: "" }}
      transform={(values) => pickFields(values, ["selector", "startAtMs", "endAtMs", "comment"])}
    >
      <fieldset>
        <legend>When and why</legend>
        <TextInput source="comment" label="Why" validate={required()} helperText={false} />
        <div className="form-grid">
          <InstantInput source="startAtMs" label="From" />
          <InstantInput source="endAtMs" label="Until" />
        </div>
      </fieldset>
      <fieldset>
        <legend>What it covers</legend>
        <SelectorInput source="selector" hasServices />
      </fieldset>
    </CreatePage>
  );
}
