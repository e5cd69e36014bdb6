import TextField from "@mui/material/TextField";
import { useInput } from "react-admin";
import { fromLocalInput, toLocalInput } from "../time/duration.ts";
import { faultText } from "./fault-text.ts";

/** A moment, in the reader's own zone, to the minute; kept in ms UTC. */
export function InstantInput({ source, label, helperText }: { source: string; label: string; helperText?: string }) {
  const { field, fieldState } = useInput<number | null>({ source });
  const fault = faultText(fieldState.error);
  return (
    <TextField
      label={label}
      type="datetime-local"
      required
      disabled={field.disabled === true}
      defaultValue={field.value ? toLocalInput(field.value) : ""}
      error={fault !== undefined}
      helperText={fault ?? helperText}
      onChange={(event) => field.onChange(fromLocalInput(event.target.value))}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  );
}
