import Autocomplete from "@mui/material/Autocomplete";
import TextField from "@mui/material/TextField";
import type { Host } from "@mycloud/protocol/host";
import type { Service } from "@mycloud/protocol/service";
import { useState } from "react";
import { useGetList } from "react-admin";

const byName = { sort: { field: "name", order: "ASC" as const }, pagination: { page: 1, perPage: 100 } };

/** Chooses a host by name. */
export function HostPicker({ value, onChange }: { value: string; onChange: (host: string | null) => void }) {
  const [words, setWords] = useState("");
  const { data = [] } = useGetList<Host>("hosts", {
    ...byName,
    filter: words === "" || words === value ? {} : { q: words },
  });
  const names = data.map(({ name }) => name);
  return (
    <Autocomplete
      sx={{ flex: "1 1 220px" }}
      options={value === "" || names.includes(value) ? names : [value, ...names]}
      value={value === "" ? null : value}
      onChange={(_, next) => onChange(next)}
      onInputChange={(_, text) => setWords(text)}
      renderInput={(parameters) => <TextField {...parameters} label="Host" />}
    />
  );
}

/** Chooses one of a host's services, or the host itself. */
export function ServicePicker({
  host,
  value,
  onChange,
}: {
  host: string;
  value: string | null;
  onChange: (service: string | null) => void;
}) {
  const { data = [] } = useGetList<Service>(
    "services",
    { ...byName, pagination: { page: 1, perPage: 500 }, filter: { hostName: host } },
    { enabled: host !== "" },
  );
  const names = data.filter(({ hostName }) => hostName === host).map(({ name }) => name);
  return (
    <Autocomplete
      sx={{ flex: "1 1 180px" }}
      options={value === null || names.includes(value) ? names : [value, ...names]}
      value={value}
      disabled={host === ""}
      onChange={(_, next) => onChange(next)}
      renderInput={(parameters) => <TextField {...parameters} label="Service" placeholder="the host itself" />}
    />
  );
}
