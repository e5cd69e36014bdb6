import type { Host } from "@mycloud/protocol/host";
import type { Service } from "@mycloud/protocol/service";
import { useGetList } from "react-admin";
import { Link } from "react-router-dom";
import { ErrorMessage, SkeletonLines } from "../../layout/Message.tsx";
import { useMayAct } from "../../providers/hooks.ts";
import { Panel } from "../../record/Panel.tsx";
import { HandledMarks } from "../../state/HandledMarks.tsx";
import { StateChip } from "../../state/StateChip.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { compareByState } from "../services/compare-services.ts";
import { ServiceCountsBar } from "./ServiceCountsBar.tsx";

/** A host's services, the worst first. */
export function HostServices({ host }: { host: Host }) {
  const { data, error, refetch } = useGetList<Service>("services", {
    pagination: { page: 1, perPage: 500 },
    sort: { field: "name", order: "ASC" },
    filter: { hostId: host.id },
  });
  const mayAct = useMayAct();
  const all = `/services?filter=${encodeURIComponent(JSON.stringify({ hostId: host.id }))}`;
  return (
    <Panel
      title="Services"
      end={
        <>
          <ServiceCountsBar counts={host.serviceCounts} />
          <Link to={all}>as a list</Link>
          {mayAct ? <Link to={`/services/create?hostId=${host.id}`}>add passive</Link> : null}
        </>
      }
      isFlush
    >
      {error && !data ? <ErrorMessage error={error} onRetry={refetch} /> : null}
      {!data && !error ? (
        <div className="panel-body">
          <SkeletonLines count={6} />
        </div>
      ) : null}
      {data?.length === 0 ? (
        <p className="panel-body quiet">
          No check matches this host yet. Services appear within a minute of the first result.
        </p>
      ) : null}
      {data && data.length > 0 ? (
        <table className="table cards" aria-label={`Services of ${host.name}`}>
          <tbody>
            {[...data].sort(compareByState).map((service) => (
              <tr key={service.id} className={service.isAcknowledged || service.isInDowntime ? "handled" : ""}>
                <td style={{ width: 138 }}>
                  <StateChip {...service} isHandled={service.isAcknowledged || service.isInDowntime} />
                </td>
                <td style={{ width: "22%" }} className="narrow-grow">
                  <Link className="strong clip" to={`/services/${service.id}/show`}>
                    {service.name}
                  </Link>
                </td>
                <td className="narrow-full">
                  <span className="row" style={{ gap: 6, flexWrap: "nowrap" }}>
                    <HandledMarks {...service} />
                    <span className="clip" title={service.output}>
                      {service.output}
                    </span>
                  </span>
                </td>
                <td style={{ width: 100 }} className="number narrow-hide">
                  <RelativeTime atMs={service.lastCheckAtMs} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </Panel>
  );
}
