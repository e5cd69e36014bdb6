import { useCallback } from "react";
import { useSearchParams } from "react-router-dom";
import { useNow } from "../time/NowContext.tsx";
import { writeRange } from "../timeline/timeline-range.ts";
import { type LogView, readView } from "./log-view.ts";

/** What is shown, and how that is changed. */
export interface LogAddress extends LogView {
  change(changes: Readonly<Record<string, string | null>>): void;
  show(range: { readonly fromMs: number; readonly untilMs: number }): void;
}

/** What the page shows, as its address says it: what is changed here can be sent to somebody. */
export function useLogAddress(): LogAddress {
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
  return { ...readView(search, nowMs), change, show };
}
