import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../layout/Message.tsx";
import { useConsole } from "../providers/hooks.ts";
import { RelativeTime, Since } from "../time/RelativeTime.tsx";
import { TimelineList } from "../timeline/TimelineList.tsx";
import { Facts, Panel } from "./Panel.tsx";

/** Why the state is what it is: command, thresholds crossed, attempts, last OK, next check, and who was told or why nobody was. */
export function WhyPanel({ of, id }: { of: "hosts" | "services"; id: number }) {
  const provider = useConsole();
  const { data, error, refetch } = useQuery({
    queryKey: ["explanation", of, id],
    queryFn: ({ signal }) => provider.explanation(of, id, signal),
  });
  if (error && !data) {
    return (
      <Panel title="Why">
        <ErrorMessage error={error} onRetry={refetch} />
      </Panel>
    );
  }
  if (!data) {
    return (
      <Panel title="Why">
        <SkeletonLines count={5} />
      </Panel>
    );
  }
  const command = data.commandLine;
  return (
    <Panel title="Why">
      <div className="stack">
        {data.thresholds.length > 0 ? (
          <ul className="crossed">
            {data.thresholds.map((threshold) => (
              <li key={threshold}>{threshold}</li>
            ))}
          </ul>
        ) : null}
        <Facts
          facts={[
            [
              "Command",
              command === null ? (
                "passive: fed from outside"
              ) : (
                <code className="mono" key="command">
                  {command}
                </code>
              ),
            ],
            ...(data.prober === null || data.prober === undefined ? [] : [["Checked by", data.prober] as const]),
            ["Attempts", data.attempts],
            [
              "Last OK",
              data.lastOk === null ? (
                "never"
              ) : (
                <span key="ok">
                  <RelativeTime atMs={data.lastOk.atMs} />
                  <span className="quiet wrap"> {data.lastOk.output}</span>
                </span>
              ),
            ],
            ...(data.rootProblem
              ? [
                  [
                    "Follows from",
                    <Link
                      key="root"
                      to={
                        data.rootProblem.serviceId === null
                          ? `/hosts/${data.rootProblem.hostId}/show`
                          : `/services/${data.rootProblem.serviceId}/show`
                      }
                    >
                      {data.rootProblem.serviceName === null ? "" : `${data.rootProblem.serviceName} on `}
                      {data.rootProblem.hostName}
                    </Link>,
                  ] as const,
                ]
              : []),
            [
              "Next check",
              data.nextCheckAtMs === null ? (
                command === null ? (
                  "when somebody sends a result"
                ) : (
                  "—"
                )
              ) : (
                <RelativeTime key="next" atMs={data.nextCheckAtMs} />
              ),
            ],
            ...(data.problem
              ? [
                  [
                    "Problem",
                    <span key="problem">
                      #{data.problem.id}, open for <Since atMs={data.problem.startedAtMs} />
                    </span>,
                  ] as const,
                ]
              : []),
            [
              "Told",
              data.notified.length > 0 ? (
                <ul className="plain-list" key="told">
                  {data.notified.map((each) => (
                    <li key={`${each.contactName}-${each.atMs}`}>
                      {each.contactName} <RelativeTime atMs={each.atMs} />
                      {each.phase === "sent" ? "" : ` (${each.phase})`}
                    </li>
                  ))}
                </ul>
              ) : data.notNotified ? (
                <span key="nobody">
                  nobody: {data.notNotified.message} <span className="mark">{data.notNotified.reason}</span>
                </span>
              ) : (
                "nobody needed to be"
              ),
            ],
          ]}
        />
        {data.changes.length > 0 ? (
          <section aria-label="Changed since the last OK">
            <h3 className="quiet" style={{ margin: 0, fontSize: 13 }}>
              Changed since the last OK
            </h3>
            <TimelineList entries={data.changes} hasNames />
          </section>
        ) : null}
      </div>
    </Panel>
  );
}
