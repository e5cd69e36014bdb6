import Button from "@mui/material/Button";
import { useCallback } from "react";
import { PageHeader } from "../layout/PageHeader.tsx";
import { useLogs } from "../providers/logs-provider.ts";
import { formatAbsolute } from "../time/duration.ts";
import { ContextPanel } from "./ContextPanel.tsx";
import { Facets } from "./Facets.tsx";
import { LinesPanel } from "./LinesPanel.tsx";
import { withTerm } from "./log-view.ts";
import { PatternsPanel } from "./PatternsPanel.tsx";
import { SavedSearches } from "./SavedSearches.tsx";
import { SearchPanel } from "./SearchPanel.tsx";
import { TailPanel } from "./TailPanel.tsx";
import { useLogAddress } from "./useLogAddress.ts";

/** The logs of all hosts in sight: searched, narrowed, followed. What is shown is in the address. */
export function LogsPage() {
  const logs = useLogs();
  const address = useLogAddress();
  const { query, fromMs, untilMs, isLive, last, tab, patternOrder, isTailing, recordId, change } = address;
  const question = { query, fromMs, untilMs };
  const onTerm = useCallback((term: string) => change({ q: withTerm(query, term), record: null }), [change, query]);
  const onContext = useCallback((id: string) => change({ record: id }), [change]);
  const followed = { onTerm, onContext };
  return (
    <>
      <PageHeader
        title="Logs"
        subtitle={`${formatAbsolute(fromMs)} to ${isLive ? "now" : formatAbsolute(untilMs)}`}
        actions={
          <>
            <SavedSearches query={query} onChoose={(chosen) => change({ q: chosen, record: null })} />
            <Button component="a" href={logs.exportUrl(question, "ndjson")} variant="outlined">
              NDJSON
            </Button>
            <Button component="a" href={logs.exportUrl(question, "csv")} variant="outlined">
              CSV
            </Button>
          </>
        }
      />
      <SearchPanel address={address} />
      {recordId === null ? null : (
        <ContextPanel recordId={recordId} onClose={() => change({ record: null })} {...followed} />
      )}
      <div className="logs-columns">
        <Facets question={question} onTerm={onTerm} />
        {tab === "patterns" ? (
          <PatternsPanel
            question={{ ...question, order: patternOrder }}
            onPattern={(id) => change({ tab: null, q: withTerm(query, `pattern:${id}`) })}
          />
        ) : isTailing ? (
          <TailPanel query={query} {...followed} />
        ) : (
          <LinesPanel
            question={question}
            asked={JSON.stringify([query, last?.name ?? [fromMs, isLive ? null : untilMs]])}
            {...followed}
          />
        )}
      </div>
    </>
  );
}
