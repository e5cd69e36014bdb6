import { formatLogTerm } from "@mycloud/protocol/log-query";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type LogRangeQuestion, useLogs } from "../providers/logs-provider.ts";

interface FacetsProps {
  readonly question: LogRangeQuestion;
  /** False where all are of one host. */
  readonly hasHost: boolean;
  readonly onTerm: (term: string) => void;
}

const usual = ["severity", "host", "service", "source"] as const;
const valuesShown = 6;

/** The most frequent values of fields, each of which narrows the search. */
export function Facets({ question, hasHost, onTerm }: FacetsProps) {
  const logs = useLogs();
  const [more, setMore] = useState<readonly string[]>([]);
  const { data: names = [] } = useQuery({
    queryKey: ["logs", "fields", question],
    queryFn: ({ signal }) => logs.fieldNames(question, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const rest = names.filter((name) => !more.includes(name));
  return (
    <section className="facets" aria-label="Most frequent values">
      {[...usual.filter((field) => hasHost || field !== "host"), ...more].map((field) => (
        <Facet key={field} field={field} question={question} onTerm={onTerm} />
      ))}
      {rest.length > 0 ? (
        <select
          className="field"
          aria-label="Another field"
          value=""
          onChange={(event) => setMore((before) => [...before, event.target.value])}
        >
          <option value="">another field…</option>
          {rest.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      ) : null}
    </section>
  );
}

function Facet({ field, question, onTerm }: Omit<FacetsProps, "hasHost"> & { readonly field: string }) {
  const logs = useLogs();
  const { data } = useQuery({
    queryKey: ["logs", "top", field, question],
    queryFn: ({ signal }) => logs.top({ ...question, field, limit: valuesShown }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (data === undefined || data.values.length === 0) return null;
  const most = data.values[0]?.count ?? 1;
  return (
    <div className="facet">
      <h3>{field}</h3>
      <ul className="plain-list">
        {data.values.map(({ value, count }) => (
          <li key={String(value)}>
            <button
              type="button"
              className="facet-value"
              onClick={() => onTerm(formatLogTerm(field, value))}
              aria-label={`Only ${field} ${value}, ${count} records`}
            >
              <span className="facet-bar" style={{ width: `${(count / most) * 100}%` }} />
              <span className="clip mono">{String(value)}</span>
              <span className="quiet">{count}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
