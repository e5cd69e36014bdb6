import type { SavedLogSearchInput } from "@mycloud/protocol/log-search";
import { useState } from "react";
import { useMayAccess } from "../providers/hooks.ts";

interface SaveSearchFormProps {
  readonly query: string;
  readonly onSave: (search: SavedLogSearchInput) => void;
}

/** As the server has it. */
const longestName = 128;

/** Saves the query that is asked, for oneself or, where one may, for everybody of the same customer or staff. */
export function SaveSearchForm({ query, onSave }: SaveSearchFormProps) {
  const mayShare = useMayAccess("create", "log-searches");
  const [name, setName] = useState("");
  const [isShared, setShared] = useState(false);
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        onSave({ name: name.trim() || query.slice(0, longestName), query, isShared });
        setName("");
      }}
    >
      <input
        className="field"
        aria-label="Name of this search"
        placeholder="name of this search"
        maxLength={longestName}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {mayShare ? (
        <label className="row">
          <input type="checkbox" checked={isShared} onChange={(event) => setShared(event.target.checked)} />
          shared
        </label>
      ) : null}
      <button type="submit" className="view">
        Save
      </button>
    </form>
  );
}
