import type { AlikeRecords } from "@mycloud/protocol/problem-log";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { useLogs } from "../providers/logs-provider.ts";
import { Panel } from "../record/Panel.tsx";
import { formatClock } from "../time/duration.ts";
import { LogList } from "./LogList.tsx";
import { logsOf } from "./logs-of.ts";

interface ProblemLogsPanelProps {
  readonly of: "hosts" | "services";
  readonly id: number;
  readonly hostName: string;
  /** Of the open problem; null: there is none, and the panel is not there. */
  readonly problemId: number | null;
}

/** What the host logged around the beginning of its problem. */
export function ProblemLogsPanel({ of, id, hostName, problemId }: ProblemLogsPanelProps) {
  const logs = useLogs();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({
    queryKey: ["problem-logs", of, id, problemId],
    queryFn: ({ signal }) => logs.problemLogs(of, id, signal),
    enabled: problemId !== null,
    staleTime: 30_000,
    retry: false,
  });
  if (problemId === null) return null;
  const search = (q: string) => navigate(`/logs?${new URLSearchParams({ q })}`);
  return (
    <Panel title="What it logged around it" isFlush end={<Link to={logsOf(hostName)}>All its logs</Link>}>
      {data === undefined ? (
        error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : (
          <SkeletonLines count={3} />
        )
      ) : (
        <>
          {data.message === null ? null : <p className="panel-body quiet">{data.message}</p>}
          {data.patterns.length > 0 ? (
            <ul className="plain-list panel-body" aria-label="Said more often than in the hour before">
              {data.patterns.map(({ id: pattern, template, count, countBefore }) => (
                <li key={pattern}>
                  <span className="mono wrap">{template}</span>{" "}
                  <span className="quiet">
                    {count} times, {countBefore === 0 ? "never" : `${countBefore}`} in the hour before
                  </span>
                </li>
              ))}
            </ul>
          ) : null}
          {data.records.length > 0 ? (
            <LogList
              records={data.records}
              label="Records around the problem"
              heightPx={260}
              hasHost={false}
              noteOf={alikeNote}
              onTerm={search}
              onContext={(record) => navigate(`/logs?${new URLSearchParams({ record })}`)}
            />
          ) : null}
        </>
      )}
    </Panel>
  );
}

/** The last of alike records stands for all of them. */
function alikeNote({ alikeCount, alikeSinceUs }: AlikeRecords): string | null {
  if (alikeSinceUs === null) return null;
  return `${alikeCount.toLocaleString("en")} like this since ${formatClock(Math.floor(alikeSinceUs / 1000))}`;
}
