import { useCallback } from "react";
import { useSearchParams } from "react-router-dom";
import type { LogRangeQuestion } from "../providers/logs-provider.ts";
import { useNow } from "../time/NowContext.tsx";
import { writeRange } from "../timeline/timeline-range.ts";
import { type LogView, readView } from "./log-view.ts";
import { withinHost } from "./within-host.ts";

/** What is shown, and how that is changed. */
export interface LogAddress extends LogView {
  /** Whose logs these are; null: those of all hosts in sight. */
  readonly hostId: number | null;
  /** What is asked for: the query, of that host. */
  readonly question: LogRangeQuestion;
  change(changes: Readonly<Record<string, string | null>>): void;
  show(range: { readonly fromMs: number; readonly untilMs: number }): void;
}

/** What a page of logs shows, as its address says it: what is changed here can be sent to somebody. */
export function useLogAddress(hostId: number | null = null): LogAddress {
  const [search, setSearch] = useSearchParams();
  const nowMs = Math.floor(useNow() / 30_000) * 30_000 + 30_000;
  const change = useCallback(
    (changes: Readonly<Record<string, string | null>>) =>
      setSearch((before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === null || value === "") next.delete(name);
          else next.set(name, value);
        }
        return next;
      }),
    [setSearch],
  );
  const show = useCallback(
    (wanted: { readonly fromMs: number; readonly untilMs: number }) =>
      change({ ...writeRange(wanted, nowMs), last: null, record: null }),
    [change, nowMs],
  );
  const view = readView(search, nowMs);
  const { fromMs, untilMs } = view;
  const question = { query: withinHost(hostId, view.query), fromMs, untilMs };
  return { ...view, hostId, question, change, show };
}
