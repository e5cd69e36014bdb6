import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLogs } from "../providers/logs-provider.ts";
import { RangePicker } from "../timeline/RangePicker.tsx";
import { LogHistogramPanel } from "./LogHistogramPanel.tsx";
import { logLengths } from "./log-view.ts";
import { QueryBox } from "./QueryBox.tsx";
import type { LogAddress } from "./useLogAddress.ts";
import { withinHost } from "./within-host.ts";

const bins = 96;
const patternOrders = [
  ["count", "Most"],
  ["risen", "Rose most"],
  ["new", "New"],
] as const;

/** What is asked: the query, the time, how it is shown; and how many records there were over that time. `q` goes to the query. */
export function SearchPanel({ address }: { readonly address: LogAddress }) {
  const logs = useLogs();
  const box = useRef<HTMLInputElement>(null);
  const { query, question, hostId, last, change, show } = address;
  const { data, error } = useQuery({
    queryKey: ["logs", "histogram", question],
    queryFn: ({ signal }) => logs.histogram({ ...question, bins }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.key !== "q") return;
      event.preventDefault();
      box.current?.focus();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    <search className="panel asked">
      <div className="filter-bar">
        <QueryBox
          query={query}
          within={{ ...question, query: withinHost(hostId, "") }}
          inputRef={box}
          onQuery={(wanted) => change({ q: wanted, record: null })}
        />
      </div>
      <div className="filter-bar">
        <RangePicker
          label="How far back"
          ranges={logLengths}
          range={last ?? { text: "", name: "1h", lengthMs: 0 }}
          onChange={(chosen) => change({ last: chosen.name, fromMs: null, untilMs: null })}
        />
        <ShownAs address={address} />
      </div>
      {error ? (
        // What is below says the same, with a way to try again.
        <p className="panel-body quiet">How many there were over time could not be loaded.</p>
      ) : data ? (
        <LogHistogramPanel histogram={data} onRange={show} />
      ) : null}
    </search>
  );
}

function ShownAs({ address: { tab, isTailing, patternOrder, change } }: { readonly address: LogAddress }) {
  const shown = tab === "patterns" ? "Patterns" : isTailing ? "Live" : "Lines";
  const choices = [
    ["Lines", { tab: null, tail: null }],
    ["Live", { tab: null, tail: "1" }],
    ["Patterns", { tab: "patterns", tail: null }],
  ] as const;
  return (
    <>
      <fieldset className="views plain" aria-label="Shown as">
        {choices.map(([text, changes]) => (
          <button
            key={text}
            type="button"
            className="view"
            aria-pressed={text === shown}
            onClick={() => change(changes)}
          >
            {text}
          </button>
        ))}
      </fieldset>
      {tab === "patterns" ? (
        <fieldset className="views plain" aria-label="Order of patterns">
          {patternOrders.map(([order, text]) => (
            <button
              key={order}
              type="button"
              className="view"
              aria-pressed={order === patternOrder}
              onClick={() => change({ order: order === "count" ? null : order })}
            >
              {text}
            </button>
          ))}
        </fieldset>
      ) : null}
    </>
  );
}
