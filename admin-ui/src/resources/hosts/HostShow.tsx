import Button from "@mui/material/Button";
import type { Host } from "@mycloud/protocol/host";
import { ShowBase, useShowContext } from "react-admin";
import { Link } from "react-router-dom";
import { ActionButtons } from "../../actions/ActionButtons.tsx";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { logsOf } from "../../logs/logs-of.ts";
import { ProblemLogsPanel } from "../../logs/ProblemLogsPanel.tsx";
import { useMayAct } from "../../providers/hooks.ts";
import { CommentsPanel } from "../../record/CommentsPanel.tsx";
import { ConfigurationPanel } from "../../record/ConfigurationPanel.tsx";
import { NotificationsPanel } from "../../record/NotificationsPanel.tsx";
import { OutputPanel } from "../../record/OutputPanel.tsx";
import { OverridePanel } from "../../record/OverridePanel.tsx";
import { WhyPanel } from "../../record/WhyPanel.tsx";
import { HandledMarks } from "../../state/HandledMarks.tsx";
import { StateChip } from "../../state/StateChip.tsx";
import { Since } from "../../time/RelativeTime.tsx";
import { HistoryPanel } from "../../timeline/HistoryPanel.tsx";
import { HostCheckPanel } from "./HostCheckPanel.tsx";
import { HostFacts } from "./HostFacts.tsx";
import { hostTarget } from "./HostList.tsx";
import { HostServices } from "./HostServices.tsx";
import { LogPipelinePanel } from "./LogPipelinePanel.tsx";

export function HostShow() {
  return (
    <ShowBase<Host>>
      <HostPage />
    </ShowBase>
  );
}

function HostPage() {
  const { record: host, error, refetch } = useShowContext<Host>();
  const mayAct = useMayAct();
  if (error && !host) return <ErrorMessage error={error} onRetry={refetch} />;
  if (!host) return <SkeletonLines count={8} />;
  const isProblem = host.state !== "UP" && host.state !== "PENDING";
  return (
    <>
      <PageHeader
        title={host.name}
        mark={<StateChip {...host} isHandled={host.isAcknowledged || host.isInDowntime} />}
        subtitle={
          <span className="row">
            {host.displayName ? <span className="wrap">{host.displayName}</span> : null}
            <span>
              {host.state} for <Since atMs={host.lastStateChangeAtMs} />
            </span>
            <HandledMarks {...host} />
          </span>
        }
        actions={
          <>
            <ActionButtons
              targets={[hostTarget(host)]}
              canAcknowledge={isProblem && !host.isAcknowledged}
              canRemoveAcknowledgement={host.isAcknowledged}
            />
            <Button component={Link} to={logsOf(host.name)} variant="outlined">
              Logs
            </Button>
            <Button component={Link} to={`/timeline?hostId=${host.id}`} variant="outlined">
              Timeline
            </Button>
            {mayAct ? (
              <Button component={Link} to={`/hosts/${host.id}`} variant="outlined">
                Edit
              </Button>
            ) : null}
          </>
        }
      />
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
          <LogPipelinePanel pipeline={host.logPipeline ?? null} />
          <CommentsPanel hostId={host.id} serviceId={null} />
          <NotificationsPanel filter={{ hostId: host.id }} />
        </div>
      </div>
    </>
  );
}
