import Autocomplete from "@mui/material/Autocomplete";
import TextField from "@mui/material/TextField";
import type { Host } from "@mycloud/protocol/host";
import { useState } from "react";
import { useGetList, useGetOne, useInput } from "react-admin";
import { faultText } from "../../form/fault-text.ts";

/** The host of a new service, chosen by name. */
export function HostIdInput() {
  const { field, fieldState } = useInput<number | null>({ source: "hostId", defaultValue: null });
  const [words, setWords] = useState("");
  const id = field.value ?? null;
  const { data: chosen } = useGetOne<Host>("hosts", { id: id ?? 0 }, { enabled: id !== null });
  const value = id === null ? null : (chosen ?? null);
  const { data: found = [] } = useGetList<Host>("hosts", {
    pagination: { page: 1, perPage: 100 },
    sort: { field: "name", order: "ASC" },
    filter: words === "" || words === value?.name ? {} : { q: words },
  });
  const fault = faultText(fieldState.error);
  return (
    <Autocomplete
      options={value === null || found.some((host) => host.id === value.id) ? found : [value, ...found]}
      value={value}
      getOptionLabel={(host) => host.name}
      isOptionEqualToValue={(host, other) => host.id === other.id}
      onChange={(_, next) => field.onChange(next?.id ?? null)}
      onInputChange={(_, text) => setWords(text)}
      noOptionsText="No host of this name"
      renderInput={(parameters) => (
        <TextField {...parameters} label="Host" required error={fault !== undefined} helperText={fault} />
      )}
    />
  );
}
