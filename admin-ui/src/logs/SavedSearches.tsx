import type { SavedLogSearch } from "@mycloud/protocol/log-search";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { useMayAccess } from "../providers/hooks.ts";
import { useLogs } from "../providers/logs-provider.ts";
import { SaveSearchForm } from "./SaveSearchForm.tsx";

interface SavedSearchesProps {
  readonly query: string;
  readonly onChoose: (query: string) => void;
}

const queryKey = ["log-searches"];

/** Searches that one comes back to: one's own, and those that are shared. */
export function SavedSearches({ query, onChoose }: SavedSearchesProps) {
  const logs = useLogs();
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) => logs.savedSearches(signal),
    enabled: isOpen,
    retry: false,
  });
  const change = useMutation({
    mutationFn: async (work: () => Promise<unknown>) => await work(),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  const isKnown = data?.some((search) => search.isOwn && search.query === query) === true;
  return (
    <details
      className="saved-searches"
      onToggle={(event) => setOpen(event.currentTarget.open)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !event.currentTarget.open) return;
        event.currentTarget.open = false;
        event.currentTarget.querySelector("summary")?.focus();
      }}
    >
      <summary className="view">Saved searches</summary>
      <div className="panel saved-searches-list">
        {error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : data === undefined ? (
          <SkeletonLines count={2} />
        ) : data.length === 0 ? (
          <p className="quiet">None yet.</p>
        ) : (
          <ul className="plain-list" aria-label="Saved searches">
            {data.map((search) => (
              <Saved
                key={search.id}
                search={search}
                onChoose={() => onChoose(search.query)}
                onForget={() => change.mutate(() => logs.removeSearch(search.id))}
              />
            ))}
          </ul>
        )}
        {query === "" || isKnown ? null : (
          <SaveSearchForm query={query} onSave={(search) => change.mutate(() => logs.saveSearch(search))} />
        )}
        {change.error ? (
          <p role="alert" className="fault">
            {change.error.message}
          </p>
        ) : null}
      </div>
    </details>
  );
}

interface SavedProps {
  readonly search: SavedLogSearch;
  readonly onChoose: () => void;
  readonly onForget: () => void;
}

function Saved({ search: { name, query, isOwn, isShared, author }, onChoose, onForget }: SavedProps) {
  const mayForgetOthers = useMayAccess("delete", "log-searches");
  const by = isOwn ? "" : author === null ? " by somebody who has gone" : ` by ${author}`;
  return (
    <li className="row">
      <button type="button" className="view wrap" onClick={onChoose} title={query}>
        {name}
      </button>
      {isShared ? <span className="quiet">shared{by}</span> : null}
      {isOwn || mayForgetOthers ? (
        <button type="button" className="view" aria-label={`Forget ${name}`} onClick={onForget}>
          ×
        </button>
      ) : null}
    </li>
  );
}
