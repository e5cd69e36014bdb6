import Autocomplete from "@mui/material/Autocomplete";
import TextField from "@mui/material/TextField";
import { useInput } from "react-admin";
import { faultText } from "./fault-text.ts";

const zones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

/** An IANA time zone: one of those the browser knows, or any other that the server knows. */
export function TimeZoneInput({
  source,
  label = "Time zone",
  helperText = "Whose clock the times are read on, summer time included",
}: {
  source: string;
  label?: string;
  helperText?: string;
}) {
  const { field, fieldState } = useInput<string>({ source, defaultValue: "UTC" });
  const fault = faultText(fieldState.error);
  return (
    <Autocomplete
      freeSolo
      autoSelect
      disabled={field.disabled === true}
      options={zones}
      value={field.value ?? "UTC"}
      onChange={(_, zone) => field.onChange(zone ?? "UTC")}
      renderInput={(parameters) => (
        <TextField {...parameters} label={label} error={fault !== undefined} helperText={fault ?? helperText} />
      )}
    />
  );
}
