import Button from "@mui/material/Button";
import type { Host } from "@mycloud/protocol/host";
import { ShowBase, useShowContext } from "react-admin";
import { Link, useParams } from "react-router-dom";
import { ActionButtons } from "../../actions/ActionButtons.tsx";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { useMayAct } from "../../providers/hooks.ts";
import { HandledMarks } from "../../state/HandledMarks.tsx";
import { StateChip } from "../../state/StateChip.tsx";
import { Since } from "../../time/RelativeTime.tsx";
import { hostTarget } from "./HostList.tsx";
import { HostLogs } from "./HostLogs.tsx";
import { HostOverview } from "./HostOverview.tsx";

const parts = [
  { path: "", text: "Overview" },
  { path: "logs", text: "Logs" },
] as const;

/** What keepalives tell, as how logs get on, is no change of state that would be announced: it is looked at again while it is shown. */
export function HostShow() {
  return (
    <ShowBase<Host> queryOptions={{ refetchInterval: 15_000 }}>
      <HostPage />
    </ShowBase>
  );
}

function HostPage() {
  const { record: host, error, refetch } = useShowContext<Host>();
  const mayAct = useMayAct();
  const { "*": part = "" } = useParams();
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
      <nav className="row parts views" aria-label="Parts of this page">
        {parts.map(({ path, text }) => (
          <Link
            key={path}
            className="view"
            aria-current={path === part ? "page" : undefined}
            to={`/hosts/${host.id}/show${path === "" ? "" : `/${path}`}`}
          >
            {text}
          </Link>
        ))}
      </nav>
      {part === "logs" ? <HostLogs host={host} /> : <HostOverview host={host} isProblem={isProblem} />}
    </>
  );
}
