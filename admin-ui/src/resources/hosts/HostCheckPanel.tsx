import type { Host } from "@mycloud/protocol/host";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router-dom";
import { joinArguments } from "../../form/split-arguments.ts";
import { useConsole } from "../../providers/hooks.ts";
import { Facts, Panel } from "../../record/Panel.tsx";
import { formatDuration } from "../../time/duration.ts";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { ProberLink } from "./ProberLink.tsx";

const seconds = (value: number | null) => (value === null ? null : formatDuration(value));

/** What tells whether a host is UP: its host check with its schedule, else keepalives or results from outside; and who runs its checks. */
export function HostCheckPanel({ host }: { host: Host }) {
  const check = host.hostCheck;
  return (
    <Panel title="What tells whether it is UP">
      <Facts
        facts={[
          ...(check === null
            ? [
                [
                  "Host check",
                  host.agent ? "none; its agent's keepalive tells" : "none; results from outside tell",
                ] as const,
              ]
            : [
                [
                  "Host check",
                  <span key="check">
                    <Link to={`/checks/${check.id}`}>{check.name}</Link>{" "}
                    {check.isEnabled ? null : <span className="mark">disabled</span>}
                  </span>,
                ] as const,
                [
                  "Command",
                  <code className="mono wrap" key="command">
                    {[check.command, joinArguments(check.arguments)].filter(Boolean).join(" ")}
                  </code>,
                ] as const,
                ["Checked in", check.checkPeriod ?? "always"] as const,
                [
                  "Every",
                  `${formatDuration(check.checkIntervalSeconds)}, while soft every ${formatDuration(check.retryIntervalSeconds)}`,
                ] as const,
                ["Timeout", seconds(check.timeoutSeconds)] as const,
                [
                  "Next check",
                  host.nextCheckAtMs === null ? null : <RelativeTime key="next" atMs={host.nextCheckAtMs} />,
                ] as const,
                ["Took", seconds(host.executionTimeSeconds)] as const,
                ["Started late", seconds(host.latencySeconds)] as const,
              ]),
          ["Attempts", `${host.attempt} of ${host.maxCheckAttempts}`],
          ["Last result", <RelativeTime key="last" atMs={host.lastCheckAtMs} />],
          ...(host.prober === null ? [] : [["Checked by", <ProberFact key="prober" host={host} />] as const]),
        ]}
      />
    </Panel>
  );
}

/** Whose agent runs the checks of a host without one, and why that one. */
function ProberFact({ host }: { host: Host }) {
  const provider = useConsole();
  const { data } = useQuery({
    queryKey: ["explanation", "hosts", host.id],
    queryFn: ({ signal }) => provider.explanation("hosts", host.id, signal),
  });
  const name = host.prober?.hostName ?? null;
  return (
    <span>
      {name !== null ? (
        <ProberLink name={name} />
      ) : host.prober?.isLive ? (
        "the operator"
      ) : (
        <b className="tone-critical">nobody</b>
      )}
      {data?.prober ? <span className="quiet wrap"> {data.prober}</span> : null}
    </span>
  );
}
