import type { LogRecord } from "@mycloud/protocol/log-record";
import { useEffect, useState } from "react";
import { useLogs } from "../providers/logs-provider.ts";

/** More are not kept in the page: the oldest go. */
const mostKept = 5_000;
/** The page is drawn again at most this often, however many come. */
const drawnEveryMs = 250;

export interface Tail {
  /** Newest first. */
  readonly records: readonly LogRecord[];
  /** Came faster than they could be shown. */
  readonly skipped: number;
  readonly state: "live" | "reconnecting";
}

const nothing: Tail = { records: [], skipped: 0, state: "reconnecting" };

/** Records as they come, since this began. */
export function useTail(query: string): Tail {
  const logs = useLogs();
  const [tail, setTail] = useState(nothing);
  useEffect(() => {
    setTail(nothing);
    let waiting: LogRecord[] = [];
    let skipped = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = () => {
      timer = undefined;
      const fresh = waiting.toReversed();
      const left = skipped;
      waiting = [];
      skipped = 0;
      setTail((before) => ({
        ...before,
        records: [...fresh, ...before.records].slice(0, mostKept),
        skipped: before.skipped + left,
      }));
    };
    const stop = logs.tail(query, {
      onRecords(event) {
        waiting = [...waiting, ...event.records].slice(-mostKept);
        skipped += event.skipped;
        timer ??= setTimeout(draw, drawnEveryMs);
      },
      onState: (state) => setTail((before) => ({ ...before, state })),
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [logs, query]);
  return tail;
}
