import { useState } from "react";
import { useStore } from "react-admin";

interface SavedSearchesProps {
  readonly query: string;
  readonly onChoose: (query: string) => void;
}

interface SavedSearch {
  readonly name: string;
  readonly query: string;
}

/** Searches that one comes back to, kept in this browser. */
export function SavedSearches({ query, onChoose }: SavedSearchesProps) {
  const [saved, setSaved] = useStore<readonly SavedSearch[]>("logs.searches", []);
  const [name, setName] = useState("");
  const isKnown = saved.some((search) => search.query === query);
  return (
    <details className="saved-searches">
      <summary className="view">Saved searches</summary>
      <div className="panel saved-searches-list">
        {saved.length === 0 ? <p className="quiet">None yet.</p> : null}
        <ul className="plain-list">
          {saved.map((search) => (
            <li key={search.name} className="row">
              <button type="button" className="view wrap" onClick={() => onChoose(search.query)} title={search.query}>
                {search.name}
              </button>
              <button
                type="button"
                className="view"
                aria-label={`Forget ${search.name}`}
                onClick={() => setSaved(saved.filter((each) => each !== search))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
        {query === "" || isKnown ? null : (
          <form
            className="row"
            onSubmit={(event) => {
              event.preventDefault();
              const called = name.trim() || query;
              setSaved([...saved.filter((each) => each.name !== called), { name: called, query }]);
              setName("");
            }}
          >
            <input
              className="field"
              aria-label="Name of this search"
              placeholder="name of this search"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <button type="submit" className="view">
              Save
            </button>
          </form>
        )}
      </div>
    </details>
  );
}
