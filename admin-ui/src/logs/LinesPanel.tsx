import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { ErrorMessage, Message, SkeletonLines } from "../layout/Message.tsx";
import { type LogRangeQuestion, useLogs } from "../providers/logs-provider.ts";
import { Panel } from "../record/Panel.tsx";
import { LogList } from "./LogList.tsx";
import { useHeld } from "./useHeld.ts";

interface LinesPanelProps {
  readonly question: LogRangeQuestion;
  /** The question without the time that passes: another one begins at the top. */
  readonly asked: string;
  /** False where all are of one host. */
  readonly hasHost: boolean;
  readonly onTerm: (term: string) => void;
  readonly onContext: (id: string) => void;
}

/** More are not kept in the page. */
const mostKept = 100_000;

/** The records that match, newest first; more are fetched as one scrolls. While somebody reads, newer ones wait. */
export function LinesPanel({ question, asked, hasHost, onTerm, onContext }: LinesPanelProps) {
  const logs = useLogs();
  const [isReading, setReading] = useState(false);
  const [begun, setBegun] = useState(0);
  const shown = useHeld(question, isReading, asked);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage, isPlaceholderData } = useInfiniteQuery({
    queryKey: ["logs", "search", shown],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => logs.search({ ...shown, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.cursor,
    placeholderData: keepPreviousData,
    retry: false,
    // Hundreds of pages are neither fetched again nor kept once something else is asked.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10_000,
  });
  const records = useMemo(() => data?.pages.flatMap((page) => page.records) ?? [], [data]);
  const isFull = hasNextPage && records.length >= mostKept;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const isIncomplete = data?.pages.some(({ isComplete }) => !isComplete) === true;
  // What stands there while another question is on its way answers the one before.
  const answered = useHeld(asked, isPlaceholderData, "");
  const isHeld = shown.untilMs !== question.untilMs;
  return (
    <Panel
      title="Records"
      isFlush
      end={
        <>
          {isHeld ? (
            <button type="button" className="view" onClick={() => setBegun(begun + 1)}>
              Newer ones
            </button>
          ) : null}
          <span className="quiet" role="status">
            {answered !== asked
              ? "searching…"
              : records.length === 0
                ? ""
                : `newest ${records.length.toLocaleString("en")}${isFull ? "" : hasNextPage ? ", more below" : ", all"}`}
          </span>
        </>
      }
    >
      {error ? (
        <ErrorMessage error={error} onRetry={refetch} />
      ) : data === undefined ? (
        <SkeletonLines count={8} />
      ) : records.length === 0 ? (
        <Message title="Nothing matches">
          <p>
            A longer time or fewer words may find more. Logs come from agents by log sources, and from whoever sends
            syslog or Forward here.
          </p>
        </Message>
      ) : (
        <LogList
          key={`${asked} ${begun}`}
          records={records}
          label="Records"
          onEnd={hasNextPage && !isFull ? more : undefined}
          hasHost={hasHost}
          onTerm={onTerm}
          onContext={onContext}
          onReading={setReading}
        />
      )}
      {isFull ? (
        <p className="panel-body quiet">
          No more than {mostKept.toLocaleString("en")} records are shown. A narrower search or an earlier time finds
          older ones; an export has a million.
        </p>
      ) : null}
      {isIncomplete ? (
        <p className="panel-body quiet">
          The search took too long: what is older was not looked at. A shorter time finds it.
        </p>
      ) : null}
    </Panel>
  );
}
