import TextField from "@mui/material/TextField";
import { useState } from "react";
import { useInput } from "react-admin";
import { faultText } from "./fault-text.ts";
import { joinArguments, splitArguments } from "./split-arguments.ts";

/** A program's arguments, written as one line and kept as a list. */
export function ArgumentsInput({
  source = "arguments",
  label = "Arguments",
  helperText = "quotes group words, $HOSTADDRESS$, $HOSTNAME$ and $_HOSTlabel$ are replaced per host",
}: {
  source?: string;
  label?: string;
  helperText?: string;
}) {
  const { field, fieldState } = useInput<string[]>({ source, defaultValue: [] });
  const [line, setLine] = useState(() => joinArguments(field.value ?? []));
  const split = splitArguments(line);
  const count = split.ok ? split.arguments.length : 0;
  const fault = split.ok ? faultText(fieldState.error) : split.message;
  return (
    <TextField
      label={label}
      value={line}
      disabled={field.disabled === true}
      error={fault !== undefined}
      helperText={fault ?? `${count} ${count === 1 ? "argument" : "arguments"}; ${helperText}`}
      slotProps={{ htmlInput: { spellCheck: false, className: "mono", autoComplete: "off" } }}
      onChange={(event) => {
        setLine(event.target.value);
        const next = splitArguments(event.target.value);
        if (next.ok) field.onChange(next.arguments);
      }}
    />
  );
}
