import TextField from "@mui/material/TextField";
import type { DayWindow } from "@mycloud/protocol/backup-policy";
import { useInput } from "react-admin";
import { faultText } from "../../form/fault-text.ts";

/** A part of the day, or with both ends empty none. */
export function WindowInput({ source }: { readonly source: string }) {
  const { field, fieldState } = useInput<Partial<DayWindow> | null>({ source, defaultValue: null });
  const window = field.value ?? {};
  const set = (change: Partial<DayWindow>) => {
    const next = { ...window, ...change };
    field.onChange(next.from || next.to ? next : null);
  };
  const fault = faultText(fieldState.error);
  return (
    <>
      {(["from", "to"] as const).map((end) => (
        <TextField
          key={end}
          label={end === "from" ? "Begin only from" : "until"}
          type="time"
          value={window[end] ?? ""}
          disabled={field.disabled === true}
          error={fault !== undefined}
          helperText={fault ?? (end === "from" ? "empty: at any time; a run that has begun goes on" : " ")}
          onChange={(event) => set({ [end]: event.target.value })}
          slotProps={{ inputLabel: { shrink: true } }}
        />
      ))}
    </>
  );
}
