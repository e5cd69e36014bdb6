import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { ErrorMessage, Message, SkeletonLines } from "../layout/Message.tsx";
import { type LogRangeQuestion, useLogs } from "../providers/logs-provider.ts";
import { Panel } from "../record/Panel.tsx";
import { LogList } from "./LogList.tsx";

interface LinesPanelProps {
  readonly question: LogRangeQuestion;
  readonly onTerm: (term: string) => void;
  readonly onContext: (id: string) => void;
}

/** The records that match, newest first; more are fetched as one scrolls. */
export function LinesPanel({ question, onTerm, onContext }: LinesPanelProps) {
  const logs = useLogs();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ["logs", "search", question],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => logs.search({ ...question, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.cursor,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const records = data?.pages.flatMap((page) => page.records) ?? [];
  const isIncomplete = data?.pages.some(({ isComplete }) => !isComplete) === true;
  return (
    <Panel
      title="Records"
      isFlush
      end={
        <span className="quiet" role="status">
          {records.length === 0 ? "" : `newest ${records.length}${hasNextPage ? ", more below" : ", all"}`}
        </span>
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
          records={records}
          label="Records"
          onEnd={hasNextPage ? more : undefined}
          onTerm={onTerm}
          onContext={onContext}
        />
      )}
      {isIncomplete ? (
        <p className="panel-body quiet">
          The search took too long: what is older was not looked at. A shorter time finds it.
        </p>
      ) : null}
    </Panel>
  );
}
