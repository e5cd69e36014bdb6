import { useCallback } from "react";
import { ContextPanel } from "./ContextPanel.tsx";
import { Facets } from "./Facets.tsx";
import { LinesPanel } from "./LinesPanel.tsx";
import { withTerm } from "./log-view.ts";
import { PatternsPanel } from "./PatternsPanel.tsx";
import { SearchPanel } from "./SearchPanel.tsx";
import { TailPanel } from "./TailPanel.tsx";
import type { LogAddress } from "./useLogAddress.ts";

/** Logs searched, narrowed and followed, as the address has it: of all hosts in sight, or of one. */
export function LogSearch({ address }: { readonly address: LogAddress }) {
  const { query, question, hostId, isLive, last, tab, patternOrder, isTailing, recordId, change } = address;
  const { fromMs, untilMs } = question;
  const onTerm = useCallback((term: string) => change({ q: withTerm(query, term), record: null }), [change, query]);
  const onContext = useCallback((id: string) => change({ record: id }), [change]);
  const followed = { hasHost: hostId === null, onTerm, onContext };
  return (
    <>
      <SearchPanel address={address} />
      {recordId === null ? null : (
        <ContextPanel recordId={recordId} onClose={() => change({ record: null })} {...followed} />
      )}
      <div className="logs-columns">
        <Facets question={question} hasHost={hostId === null} onTerm={onTerm} />
        {tab === "patterns" ? (
          <PatternsPanel
            question={{ ...question, order: patternOrder }}
            onPattern={(id) => change({ tab: null, q: withTerm(query, `pattern:${id}`) })}
          />
        ) : isTailing ? (
          <TailPanel query={question.query} {...followed} />
        ) : (
          <LinesPanel
            question={question}
            asked={JSON.stringify([question.query, last?.name ?? [fromMs, isLive ? null : untilMs]])}
            {...followed}
          />
        )}
      </div>
    </>
  );
}
