import AddIcon from "@mui/icons-material/AddOutlined";
import Button from "@mui/material/Button";
import type { Downtime } from "@mycloud/protocol/downtime";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { ListPage } from "../../list/ListPage.tsx";
import { useMayAct } from "../../providers/hooks.ts";
import { serviceSelectorText } from "../../selector/selector-text.ts";
import { formatAbsolute, formatDuration } from "../../time/duration.ts";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { CancelDowntimeButton } from "./CancelDowntimeButton.tsx";

const phaseTone = { pending: "tone-stale", active: "tone-unknown", expired: "quiet", cancelled: "quiet" } as const;

const columns: readonly Column<Downtime>[] = [
  {
    key: "phase",
    label: "Phase",
    width: 100,
    render: (downtime) => <b className={phaseTone[downtime.phase]}>{downtime.phase}</b>,
  },
  {
    key: "selector",
    label: "Covers",
    narrow: "full",
    render: (downtime) => <span className="clip">{serviceSelectorText(downtime.selector)}</span>,
  },
  {
    key: "comment",
    label: "Why",
    narrow: "full",
    render: (downtime) => (
      <span className="clip" title={downtime.comment}>
        {downtime.comment}{" "}
        <span className="quiet">
          {downtime.recurringName === null ? downtime.authorName : `recurring: ${downtime.recurringName}`}
        </span>
      </span>
    ),
  },
  {
    key: "start",
    label: "Starts",
    sortBy: "startAtMs",
    width: 122,
    render: (downtime) => <RelativeTime atMs={downtime.startAtMs} />,
  },
  {
    key: "end",
    label: "Ends",
    sortBy: "endAtMs",
    width: 122,
    render: (downtime) => <RelativeTime atMs={downtime.endAtMs} />,
  },
  {
    key: "length",
    label: "Length",
    width: 90,
    isNumber: true,
    narrow: "hide",
    render: (downtime) => (
      <span title={`${formatAbsolute(downtime.startAtMs)} to ${formatAbsolute(downtime.endAtMs)}`}>
        {downtime.isFixed
          ? formatDuration((downtime.endAtMs - downtime.startAtMs) / 1000)
          : `flexible ${formatDuration(downtime.durationSeconds ?? 0)}`}
      </span>
    ),
  },
  { key: "cancel", label: "", width: 104, render: (downtime) => <CancelDowntimeButton downtime={downtime} /> },
];

export function DowntimeList() {
  const mayAct = useMayAct();
  const create = mayAct ? (
    <Button component={Link} to="/downtimes/create" variant="contained" startIcon={<AddIcon />}>
      New downtime
    </Button>
  ) : null;
  return (
    <ListPage<Downtime>
      title="Downtimes"
      columns={columns}
      sort={{ field: "startAtMs", order: "DESC" }}
      views={[
        { name: "Current and planned", filter: { phase: ["active", "pending"] } },
        { name: "All", filter: {} },
        { name: "Past", filter: { phase: ["expired", "cancelled"] } },
      ]}
      defaultFilter={{ phase: ["active", "pending"] }}
      actions={create}
      empty={
        <Message title="No downtimes">
          <p>Plan one before work that would raise alarms: nobody is told, and the time does not count as an outage.</p>
          {create}
        </Message>
      }
    />
  );
}
