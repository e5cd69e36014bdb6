import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { type LogPatternQuestion, useLogs } from "../providers/logs-provider.ts";
import { Panel } from "../record/Panel.tsx";
import { PatternList } from "./PatternList.tsx";

interface PatternsPanelProps {
  readonly question: LogPatternQuestion;
  readonly onPattern: (id: string) => void;
}

/** What is said, by the constant part of the messages. */
export function PatternsPanel({ question, onPattern }: PatternsPanelProps) {
  const logs = useLogs();
  const { data, error, refetch } = useQuery({
    queryKey: ["logs", "patterns", question],
    queryFn: ({ signal }) => logs.patterns(question, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <Panel title="Patterns" isFlush>
      {error ? (
        <ErrorMessage error={error} onRetry={refetch} />
      ) : data === undefined ? (
        <SkeletonLines count={8} />
      ) : (
        <PatternList patterns={data} onPattern={onPattern} />
      )}
    </Panel>
  );
}
