import type { Host } from "@mycloud/protocol/host";
import { Link } from "react-router-dom";
import type { Column } from "../../list/column.ts";
import { HandledMarks } from "../../state/HandledMarks.tsx";
import { StateChip } from "../../state/StateChip.tsx";
import { RelativeTime, Since } from "../../time/RelativeTime.tsx";
import { ServiceCountsBar } from "./ServiceCountsBar.tsx";

/** Who runs the checks of a host without an agent, where somebody should. */
function ProberMark({ prober }: Pick<Host, "prober">) {
  if (prober === null) return null;
  if (prober.isLive && prober.hostName === null) return null;
  return prober.isLive && prober.hostName !== null ? (
    <span className="mark" title={`Checked by the agent of ${prober.hostName}`}>
      by {prober.hostName.split(".")[0]}
    </span>
  ) : (
    <span className="mark tone-critical" title="None of the agents that should run its checks is connected">
      no prober
    </span>
  );
}

export const hostColumns: readonly Column<Host>[] = [
  {
    key: "state",
    label: "State",
    sortBy: "state",
    width: 138,
    render: (host) => (
      <StateChip
        state={host.state}
        stateType={host.stateType}
        attempt={host.attempt}
        maxCheckAttempts={host.maxCheckAttempts}
        isHandled={host.isAcknowledged || host.isInDowntime}
      />
    ),
  },
  {
    key: "name",
    label: "Host",
    sortBy: "name",
    width: "24%",
    narrow: "grow",
    render: (host) => (
      <span className="clip">
        <Link className="strong" to={`/hosts/${host.id}/show`}>
          {host.name}
        </Link>
        {host.displayName ? <span className="quiet"> {host.displayName}</span> : null}
      </span>
    ),
  },
  {
    key: "services",
    label: "Services",
    width: 132,
    narrow: "full",
    render: (host) => <ServiceCountsBar counts={host.serviceCounts} />,
  },
  {
    key: "output",
    label: "Output",
    narrow: "full",
    render: (host) => (
      <span className="row" style={{ gap: 6, flexWrap: "nowrap" }}>
        <HandledMarks {...host} />
        <ProberMark prober={host.prober} />
        <span className="clip" title={host.output}>
          {host.output}
        </span>
      </span>
    ),
  },
  {
    key: "groups",
    label: "Groups",
    width: 120,
    narrow: "hide",
    render: (host) => <span className="clip quiet">{host.groups.join(", ")}</span>,
  },
  {
    key: "since",
    label: "For",
    sortBy: "lastStateChangeAtMs",
    width: 86,
    isNumber: true,
    render: (host) => <Since atMs={host.lastStateChangeAtMs} />,
  },
  {
    key: "checked",
    label: "Seen",
    sortBy: "lastCheckAtMs",
    width: 100,
    isNumber: true,
    narrow: "hide",
    render: (host) => <RelativeTime atMs={host.lastCheckAtMs} />,
  },
];
