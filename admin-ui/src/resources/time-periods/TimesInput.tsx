import TextField from "@mui/material/TextField";
import { useState } from "react";
import { useInput } from "react-admin";
import { faultText } from "../../form/fault-text.ts";
import { formatTimes, parseTimes } from "./times-text.ts";

/** Times of a day as one line: `09:00-12:00, 13:00-17:00`. */
export function TimesInput({ source, label, placeholder }: { source: string; label: string; placeholder: string }) {
  const { field, fieldState } = useInput<string[]>({ source, defaultValue: [] });
  const [line, setLine] = useState(() => formatTimes(field.value ?? []));
  const fault = faultText(fieldState.error);
  // Buttons beside it change the value too; what is being typed stays as it was typed.
  const shown =
    formatTimes(parseTimes(line)) === formatTimes(field.value ?? []) ? line : formatTimes(field.value ?? []);
  return (
    <TextField
      label={label}
      placeholder={placeholder}
      value={shown}
      disabled={field.disabled === true}
      error={fault !== undefined}
      helperText={fault}
      onChange={(event) => {
        setLine(event.target.value);
        field.onChange(parseTimes(event.target.value));
      }}
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { autoComplete: "off", inputMode: "text" } }}
    />
  );
}
