import Button from "@mui/material/Button";
import type { Service } from "@mycloud/protocol/service";
import { Link } from "react-router-dom";
import { ActionButtons } from "../../actions/ActionButtons.tsx";
import type { ActionTarget } from "../../actions/action-target.ts";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { ChoiceFilter, LabelFilter, TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import type { ListView } from "../../list/list-view.ts";
import { useMayAct } from "../../providers/hooks.ts";
import { HandledMarks } from "../../state/HandledMarks.tsx";
import { StateChip } from "../../state/StateChip.tsx";
import { RelativeTime, Since } from "../../time/RelativeTime.tsx";

const views: readonly ListView[] = [
  { name: "All", filter: {} },
  { name: "Unhandled problems", filter: { hasProblem: true, isHandled: false } },
  { name: "Critical", filter: { state: "CRITICAL" }, state: "CRITICAL" },
  { name: "Warning", filter: { state: "WARNING" }, state: "WARNING" },
  { name: "Unknown", filter: { state: "UNKNOWN" }, state: "UNKNOWN" },
  { name: "Stale", filter: { state: "STALE" }, state: "STALE" },
  { name: "Pending", filter: { state: "PENDING" }, state: "PENDING" },
  { name: "Flapping", filter: { isFlapping: true } },
  { name: "In downtime", filter: { isInDowntime: true } },
];

/** A service as the target of an action. */
export function serviceTarget(service: Service): ActionTarget {
  return { hostId: service.hostId, hostName: service.hostName, serviceId: service.id, serviceName: service.name };
}

const columns: readonly Column<Service>[] = [
  {
    key: "state",
    label: "State",
    sortBy: "state",
    width: 148,
    render: (service) => <StateChip {...service} isHandled={service.isAcknowledged || service.isInDowntime} />,
  },
  {
    key: "name",
    label: "Service",
    sortBy: "name",
    width: "14%",
    narrow: "grow",
    render: (service) => (
      <Link className="strong clip" to={`/services/${service.id}/show`}>
        {service.name}
      </Link>
    ),
  },
  {
    key: "host",
    label: "Host",
    sortBy: "hostName",
    width: "19%",
    render: (service) => (
      <span className="clip">
        <Link to={`/hosts/${service.hostId}/show`}>{service.hostName}</Link>
        {service.proberName === null ? null : (
          <span className="quiet" title={`Checked by the agent of ${service.proberName}`}>
            {" "}
            by {service.proberName}
          </span>
        )}
      </span>
    ),
  },
  {
    key: "output",
    label: "Output",
    narrow: "full",
    render: (service) => (
      <span className="row" style={{ gap: 6, flexWrap: "nowrap" }}>
        <HandledMarks {...service} isHostDown={service.hostState === "DOWN"} />
        <span className="clip" title={service.output}>
          {service.output}
        </span>
      </span>
    ),
  },
  {
    key: "since",
    label: "For",
    sortBy: "lastStateChangeAtMs",
    width: 86,
    isNumber: true,
    render: (service) => <Since atMs={service.lastStateChangeAtMs} />,
  },
  {
    key: "checked",
    label: "Checked",
    sortBy: "lastCheckAtMs",
    width: 104,
    isNumber: true,
    narrow: "hide",
    render: (service) => <RelativeTime atMs={service.lastCheckAtMs} />,
  },
];

export function ServiceList() {
  const mayAct = useMayAct();
  return (
    <ListPage<Service>
      title="Services"
      columns={columns}
      sort={{ field: "name", order: "ASC" }}
      views={views}
      filters={
        <>
          <TextFilter source="q" label="Words" />
          <TextFilter source="hostName" label="Host" width={130} />
          <TextFilter source="group" label="Group" width={100} />
          <LabelFilter />
          <ChoiceFilter
            label="Kind"
            choices={[
              { text: "Active and passive", filter: {} },
              { text: "Active", filter: { isPassive: false } },
              { text: "Passive", filter: { isPassive: true } },
            ]}
          />
        </>
      }
      actions={
        mayAct ? (
          <Button component={Link} to="/services/create" variant="outlined">
            Add passive service
          </Button>
        ) : null
      }
      rowPath={(service) => `/services/${service.id}/show`}
      bulkActions={
        mayAct
          ? (chosen, onDone) => (
              <ActionButtons
                targets={chosen.map(serviceTarget)}
                canAcknowledge={chosen.some((service) => service.problemId !== null && !service.isAcknowledged)}
                canRemoveAcknowledgement={chosen.some((service) => service.isAcknowledged)}
                onDone={onDone}
              />
            )
          : undefined
      }
      empty={
        <Message title="No services yet">
          <p>
            A service appears for every host that a check's selector matches, and for every passive result that is
            registered.
          </p>
          <p>
            <Link to="/checks">Look at the checks</Link> or <Link to="/hosts">at the hosts</Link>.
          </p>
        </Message>
      }
    />
  );
}
