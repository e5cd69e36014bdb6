import TextField from "@mui/material/TextField";
import { useState } from "react";
import { useInput } from "react-admin";
import { faultText } from "../../form/fault-text.ts";
import { readJsonObject } from "./read-json-object.ts";

/** Fields and values as JSON, kept as an object; what cannot be read is not kept, and says why. */
export function JsonInput({ source, label, helperText }: { source: string; label: string; helperText: string }) {
  const { field, fieldState } = useInput<Record<string, unknown> | string>({
    source,
    defaultValue: {},
  });
  const [text, setText] = useState(() => JSON.stringify(field.value ?? {}, null, 2));
  const read = readJsonObject(text);
  const fault = read.ok ? faultText(fieldState.error) : read.message;
  return (
    <TextField
      label={label}
      multiline
      minRows={6}
      value={text}
      disabled={field.disabled === true}
      error={fault !== undefined}
      helperText={fault ?? helperText}
      slotProps={{ htmlInput: { className: "mono", spellCheck: false } }}
      onChange={(event) => {
        setText(event.target.value);
        const next = readJsonObject(event.target.value);
        // Text in place of an object is what the schema refuses: the form cannot be saved until it reads.
        field.onChange(next.ok ? next.value : event.target.value);
      }}
    />
  );
}
