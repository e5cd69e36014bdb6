import Autocomplete from "@mui/material/Autocomplete";
import type { Host } from "@mycloud/protocol/host";
import type { Service } from "@mycloud/protocol/service";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useState } from "react";
import { useNavigate } from "react-router-dom";
import { useConsole } from "../providers/hooks.ts";
import { StateIcon } from "../state/StateIcon.tsx";

interface Found {
  readonly kind: "Hosts" | "Services";
  readonly path: string;
  readonly state: string;
  readonly name: string;
  readonly detail: string;
}

const settleMs = 150;
const shown = { pagination: { page: 1, perPage: 7 }, sort: { field: "", order: "ASC" as const } };

function useFound(words: string) {
  const provider = useConsole();
  return useQuery({
    queryKey: ["search", words],
    enabled: words.length > 0,
    queryFn: async ({ signal }): Promise<Found[]> => {
      const question = { ...shown, filter: { q: words }, signal };
      const [hosts, services] = await Promise.all([
        provider.getList<Host>("hosts", question),
        provider.getList<Service>("services", question),
      ]);
      return [
        ...hosts.data.map(
          (host): Found => ({
            kind: "Hosts",
            path: `/hosts/${host.id}/show`,
            state: host.state,
            name: host.name,
            detail: host.address ?? "",
          }),
        ),
        ...services.data.map(
          (service): Found => ({
            kind: "Services",
            path: `/services/${service.id}/show`,
            state: service.state,
            name: service.name,
            detail: service.hostName,
          }),
        ),
      ];
    },
  });
}

/** Finds hosts and services by words of their name; Enter without a choice lists all matching services. */
export function SearchBox({ inputRef }: { inputRef: RefObject<HTMLInputElement | null> }) {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [words, setWords] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setWords(text.trim()), settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  const { data = [], isFetching } = useFound(words);
  return (
    <Autocomplete<Found, false, false, true>
      className="search"
      freeSolo
      options={words === "" ? [] : data}
      filterOptions={(options) => options}
      loading={isFetching}
      groupBy={(found) => found.kind}
      getOptionLabel={(found) => (typeof found === "string" ? found : found.name)}
      getOptionKey={(found) => (typeof found === "string" ? found : found.path)}
      inputValue={text}
      value={null}
      onInputChange={(_, value, reason) => {
        if (reason !== "reset" && reason !== "selectOption") setText(value);
      }}
      onChange={(_, found) => {
        if (found === null) return;
        setText("");
        inputRef.current?.blur();
        if (typeof found === "string")
          void navigate(`/services?filter=${encodeURIComponent(JSON.stringify({ q: found }))}`);
        else void navigate(found.path);
      }}
      renderOption={({ key, ...props }, found) => (
        <li key={key} {...props}>
          <StateIcon state={found.state} title={found.state} />
          <span className="clip" style={{ marginLeft: 8 }}>
            {found.name} <span className="quiet">{found.detail}</span>
          </span>
        </li>
      )}
      renderInput={(parameters) => (
        <div ref={parameters.slotProps.input.ref}>
          <input
            {...parameters.slotProps.htmlInput}
            ref={(element) => {
              const { ref } = parameters.slotProps.htmlInput;
              if (typeof ref === "function") ref(element);
              else if (ref) Object.assign(ref, { current: element });
              inputRef.current = element;
            }}
            className="field"
            style={{ width: "100%" }}
            type="search"
            aria-label="Find a host or service"
            placeholder="Find a host or service  ( / )"
          />
        </div>
      )}
    />
  );
}
