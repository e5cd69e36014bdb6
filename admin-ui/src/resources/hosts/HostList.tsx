import AddIcon from "@mui/icons-material/AddOutlined";
import Button from "@mui/material/Button";
import type { Host } from "@mycloud/protocol/host";
import { Link } from "react-router-dom";
import { ActionButtons } from "../../actions/ActionButtons.tsx";
import type { ActionTarget } from "../../actions/action-target.ts";
import { ChoiceFilter, LabelFilter, TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import type { ListView } from "../../list/list-view.ts";
import { useMayAct } from "../../providers/hooks.ts";
import { DiscoverButton } from "./DiscoverButton.tsx";
import { HostEmpty } from "./HostEmpty.tsx";
import { hostColumns } from "./host-columns.tsx";

const views: readonly ListView[] = [
  { name: "All", filter: {} },
  { name: "Problems", filter: { hasProblem: true } },
  { name: "Down", filter: { state: ["DOWN", "UNREACHABLE"] }, state: "DOWN" },
  { name: "Stale", filter: { state: "STALE" }, state: "STALE" },
  { name: "Pending", filter: { state: "PENDING" }, state: "PENDING" },
  { name: "In downtime", filter: { isInDowntime: true } },
  { name: "Without agent", filter: { hasAgent: false } },
];

/** A host as the target of an action. */
export function hostTarget(host: Host): ActionTarget {
  return { hostId: host.id, hostName: host.name, serviceId: null, serviceName: null };
}

export function HostList() {
  const mayAct = useMayAct();
  return (
    <ListPage<Host>
      title="Hosts"
      columns={hostColumns}
      sort={{ field: "name", order: "ASC" }}
      views={views}
      filters={
        <>
          <TextFilter source="q" label="Words" />
          <TextFilter source="group" label="Group" width={110} />
          <LabelFilter />
          <ChoiceFilter
            label="Acknowledged"
            choices={[
              { text: "Acknowledged or not", filter: {} },
              { text: "Acknowledged", filter: { isAcknowledged: true } },
              { text: "Not acknowledged", filter: { isAcknowledged: false } },
            ]}
          />
        </>
      }
      actions={
        mayAct ? (
          <>
            <Button component={Link} to="/hosts/create" variant="outlined">
              Add without agent
            </Button>
            <Button component={Link} to="/enrolment-tokens/create" variant="contained" startIcon={<AddIcon />}>
              Enrol a host
            </Button>
          </>
        ) : null
      }
      rowPath={(host) => `/hosts/${host.id}/show`}
      bulkActions={
        mayAct
          ? (chosen, onDone) => (
              <>
                <ActionButtons
                  targets={chosen.map(hostTarget)}
                  canAcknowledge={chosen.some((host) => host.problemId !== null && !host.isAcknowledged)}
                  canRemoveAcknowledgement={chosen.some((host) => host.isAcknowledged)}
                  onDone={onDone}
                />
                <DiscoverButton hostIds={chosen.map((host) => host.id)} onDone={onDone} />
              </>
            )
          : undefined
      }
      empty={<HostEmpty />}
    />
  );
}
