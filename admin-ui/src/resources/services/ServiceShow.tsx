import Button from "@mui/material/Button";
import type { Service } from "@mycloud/protocol/service";
import { ShowBase, useShowContext } from "react-admin";
import { Link } from "react-router-dom";
import { ActionButtons } from "../../actions/ActionButtons.tsx";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { ProblemLogsPanel } from "../../logs/ProblemLogsPanel.tsx";
import { PerfdataPanel } from "../../perfdata/PerfdataPanel.tsx";
import { useMayAct } from "../../providers/hooks.ts";
import { CommentsPanel } from "../../record/CommentsPanel.tsx";
import { ConfigurationPanel } from "../../record/ConfigurationPanel.tsx";
import { NotificationsPanel } from "../../record/NotificationsPanel.tsx";
import { OutputPanel } from "../../record/OutputPanel.tsx";
import { OverridePanel } from "../../record/OverridePanel.tsx";
import { Facts, Panel } from "../../record/Panel.tsx";
import { WhyPanel } from "../../record/WhyPanel.tsx";
import { HandledMarks } from "../../state/HandledMarks.tsx";
import { StateChip } from "../../state/StateChip.tsx";
import { StateIcon } from "../../state/StateIcon.tsx";
import { formatDuration } from "../../time/duration.ts";
import { RelativeTime, Since } from "../../time/RelativeTime.tsx";
import { HistoryPanel } from "../../timeline/HistoryPanel.tsx";
import { ProberLink } from "../hosts/ProberLink.tsx";
import { TemplateLinks } from "../templates/TemplateUse.tsx";
import { serviceTarget } from "./ServiceList.tsx";

export function ServiceShow() {
  return (
    <ShowBase<Service>>
      <ServicePage />
    </ShowBase>
  );
}

function ServicePage() {
  const { record: service, error, refetch } = useShowContext<Service>();
  const mayAct = useMayAct();
  if (error && !service) return <ErrorMessage error={error} onRetry={refetch} />;
  if (!service) return <SkeletonLines count={8} />;
  const isProblem = service.state !== "OK" && service.state !== "PENDING";
  return (
    <>
      <PageHeader
        title={service.name}
        mark={<StateChip {...service} isHandled={service.isAcknowledged || service.isInDowntime} />}
        subtitle={
          <span className="row">
            <span>
              on <StateIcon state={service.hostState} size={13} title={service.hostState} />{" "}
              <Link to={`/hosts/${service.hostId}/show`}>{service.hostName}</Link>
            </span>
            <span>
              {service.state} for <Since atMs={service.lastStateChangeAtMs} />
            </span>
            <Link to={`/timeline?hostId=${service.hostId}&serviceId=${service.id}`}>timeline</Link>
            <HandledMarks {...service} isHostDown={service.hostState === "DOWN"} />
          </span>
        }
        actions={
          <>
            <ActionButtons
              targets={[serviceTarget(service)]}
              canAcknowledge={isProblem && !service.isAcknowledged}
              canRemoveAcknowledgement={service.isAcknowledged}
            />
            {mayAct && service.isPassive ? (
              <Button component={Link} to={`/services/${service.id}`} variant="outlined">
                Edit
              </Button>
            ) : null}
          </>
        }
      />
      <div className="columns">
        <div className="stack">
          <OutputPanel of={service} />
          <HistoryPanel
            of={{ hostId: service.hostId, serviceId: service.id }}
            now={{ ...service, knownSinceMs: service.createdAtMs }}
          />
          <ProblemLogsPanel of="services" id={service.id} hostName={service.hostName} problemId={service.problemId} />
          <ConfigurationPanel of="services" id={service.id} problemId={service.problemId} />
          <PerfdataPanel serviceId={service.id} knownSinceMs={service.createdAtMs} />
        </div>
        <div className="stack">
          <WhyPanel of="services" id={service.id} />
          <OverridePanel of="services" id={service.id} />
          <ServiceFacts service={service} />
          <CommentsPanel hostId={service.hostId} serviceId={service.id} />
          <NotificationsPanel filter={{ serviceId: service.id }} />
        </div>
      </div>
    </>
  );
}

const seconds = (value: number | null) => (value === null ? null : formatDuration(value));

function ProberFact({ name }: { name: string }) {
  return (
    <span>
      the agent of <ProberLink name={name} />
      <span className="quiet">; its host has none</span>
    </span>
  );
}

function ServiceFacts({ service }: { service: Service }) {
  return (
    <Panel title="Check">
      <Facts
        facts={[
          [
            "Definition",
            service.checkId === null ? (
              <span key="check">
                none, passive <TemplateLinks of={{ kind: "Service", id: service.id }} />
              </span>
            ) : (
              <Link key="check" to={`/checks/${service.checkId}`}>
                {service.checkName}
              </Link>
            ),
          ],
          ...(service.proberName === null
            ? []
            : [["Checked by", <ProberFact key="prober" name={service.proberName} />] as const]),
          ["Every", seconds(service.checkIntervalSeconds)],
          ["Retry", seconds(service.retryIntervalSeconds)],
          ["Timeout", seconds(service.timeoutSeconds)],
          ["Stale after", service.freshnessSeconds === null ? "never" : formatDuration(service.freshnessSeconds)],
          ["Took", seconds(service.executionTimeSeconds)],
          ["Started late", seconds(service.latencySeconds)],
          ["Flapping", `${service.percentStateChange.toFixed(1)}% change${service.isFlapping ? ", flapping" : ""}`],
          ["Last result", <RelativeTime key="last" atMs={service.lastCheckAtMs} />],
          ...(service.isClockSkewed ? [["Clock", "the last result's own clock was not believable"] as const] : []),
          ...(service.notes === ""
            ? []
            : [
                [
                  "Notes",
                  <span key="notes" className="wrap">
                    {service.notes}
                  </span>,
                ] as const,
              ]),
        ]}
      />
    </Panel>
  );
}
