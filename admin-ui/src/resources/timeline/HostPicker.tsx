import type { Host } from "@mycloud/protocol/host";
import { useEffect, useId, useState } from "react";
import { useGetList } from "react-admin";

/** Chooses one host by its name, of however many: the ten that fit what is typed are offered. */
export function HostPicker({ name, onChoose }: { name: string; onChoose: (hostId: number | null) => void }) {
  const [text, setText] = useState(name);
  const list = useId();
  useEffect(() => setText(name), [name]);
  const { data = [] } = useGetList<Host>(
    "hosts",
    { pagination: { page: 1, perPage: 10 }, sort: { field: "name", order: "ASC" }, filter: { q: text } },
    { enabled: text !== "" && text !== name },
  );
  return (
    <>
      <input
        className="field"
        type="search"
        aria-label="Host"
        placeholder="Host"
        list={list}
        value={text}
        onChange={(event) => {
          const typed = event.target.value;
          setText(typed);
          if (typed === "" && name !== "") onChoose(null);
          const host = data.find((each) => each.name === typed);
          if (host) onChoose(host.id);
        }}
        onKeyDown={(event) => {
          const [host] = data;
          if (event.key === "Enter" && host) onChoose(host.id);
        }}
      />
      <datalist id={list}>
        {data.map((host) => (
          <option key={host.id} value={host.name} />
        ))}
      </datalist>
    </>
  );
}
