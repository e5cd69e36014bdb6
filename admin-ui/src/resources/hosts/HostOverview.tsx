import type { Host } from "@mycloud/protocol/host";
import { ProblemLogsPanel } from "../../logs/ProblemLogsPanel.tsx";
import { CommentsPanel } from "../../record/CommentsPanel.tsx";
import { ConfigurationPanel } from "../../record/ConfigurationPanel.tsx";
import { NotificationsPanel } from "../../record/NotificationsPanel.tsx";
import { OutputPanel } from "../../record/OutputPanel.tsx";
import { OverridePanel } from "../../record/OverridePanel.tsx";
import { WhyPanel } from "../../record/WhyPanel.tsx";
import { HistoryPanel } from "../../timeline/HistoryPanel.tsx";
import { HostCheckPanel } from "./HostCheckPanel.tsx";
import { HostFacts } from "./HostFacts.tsx";
import { HostServices } from "./HostServices.tsx";

/** How a host is, why, and what was done about it. */
export function HostOverview({ host, isProblem }: { readonly host: Host; readonly isProblem: boolean }) {
  return (
    <div className="columns">
      <div className="stack">
        <HostServices host={host} />
        <HistoryPanel of={{ hostId: host.id, serviceId: null }} now={{ ...host, knownSinceMs: host.createdAtMs }} />
        <ProblemLogsPanel of="hosts" id={host.id} hostName={host.name} problemId={host.problemId} />
        <ConfigurationPanel of="hosts" id={host.id} problemId={host.problemId} />
        <OutputPanel of={host} />
      </div>
      <div className="stack">
        {isProblem ? <WhyPanel of="hosts" id={host.id} /> : null}
        <OverridePanel of="hosts" id={host.id} />
        <HostCheckPanel host={host} />
        <HostFacts host={host} />
        <CommentsPanel hostId={host.id} serviceId={null} />
        <NotificationsPanel filter={{ hostId: host.id }} />
      </div>
    </div>
  );
}
