import Button from "@mui/material/Button";
import type { Zone } from "@mycloud/protocol/dns-zone";
import { ShowBase, useShowContext } from "react-admin";
import { Link, useParams } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { PageHeader } from "../../layout/PageHeader.tsx";
import { useMayAccess } from "../../providers/hooks.ts";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { FileTab } from "./FileTab.tsx";
import { HistoryTab } from "./HistoryTab.tsx";
import { RecordsTab } from "./records/RecordsTab.tsx";
import { ServersTab } from "./ServersTab.tsx";

const parts = [
  { path: "", text: "Records" },
  { path: "history", text: "History" },
  { path: "servers", text: "Name servers" },
  { path: "file", text: "Zone file" },
] as const;

/** One zone. Its serial moves with the health of services, which is no change that would be announced: it is looked at again while it is shown. */
export function ZoneShow() {
  return (
    <ShowBase<Zone> queryOptions={{ refetchInterval: 15_000 }}>
      <ZonePage />
    </ShowBase>
  );
}

function ZonePage() {
  const { record: zone, error, refetch } = useShowContext<Zone>();
  const mayEdit = useMayAccess("create", "dns/zones");
  const { "*": part = "" } = useParams();
  if (error && !zone) return <ErrorMessage error={error} onRetry={refetch} />;
  if (!zone) return <SkeletonLines count={8} />;
  return (
    <>
      <PageHeader
        title={zone.name}
        mark={zone.view === null ? null : <span className="mark">{zone.view}</span>}
        subtitle={
          <span className="row">
            {zone.kind === "primary" ? <span>serial {zone.serial}</span> : <span>fetched from its primaries</span>}
            <span>{zone.recordCount.toLocaleString("en")} records</span>
            <span>
              changed <RelativeTime atMs={zone.changedAtMs} />
            </span>
            {zone.customer === null ? null : <span>of {zone.customer}</span>}
            {zone.comment === "" ? null : <span className="wrap">{zone.comment}</span>}
          </span>
        }
        actions={
          <>
            <Button component={Link} to={`/dns/query?name=${encodeURIComponent(zone.name)}`} variant="outlined">
              Test a query
            </Button>
            {mayEdit ? (
              <Button component={Link} to={`/dns/zones/${zone.id}`} variant="outlined">
                Settings
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
            to={`/dns/zones/${zone.id}/show${path === "" ? "" : `/${path}`}`}
          >
            {text}
          </Link>
        ))}
      </nav>
      <ZonePart part={part} zone={zone} />
    </>
  );
}

function ZonePart({ part, zone }: { readonly part: string; readonly zone: Zone }) {
  if (part === "history") return <HistoryTab zone={zone} />;
  if (part === "servers") return <ServersTab zone={zone} />;
  if (part === "file") return <FileTab zone={zone} />;
  return <RecordsTab zone={zone} />;
}
