import type { AuditEntry } from "@mycloud/protocol/audit";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { difference } from "./diff.ts";

function changedFields(entry: AuditEntry): string {
  if (entry.before === null || entry.after === null) return "";
  return difference(entry.before, entry.after)
    .map(({ path }) => path)
    .join(", ");
}

const columns: readonly Column<AuditEntry>[] = [
  { key: "at", label: "When", sortBy: "atMs", width: 112, render: (entry) => <RelativeTime atMs={entry.atMs} /> },
  {
    key: "actor",
    label: "Who",
    sortBy: "actorName",
    width: "18%",
    render: (entry) => (
      <span className="clip">
        {entry.actorName} <span className="quiet">{entry.actorKind}</span>
      </span>
    ),
  },
  {
    key: "action",
    label: "Did",
    sortBy: "action",
    width: "18%",
    render: (entry) => (
      <Link className="strong clip mono" to={`/audit-entries/${entry.id}/show`}>
        {entry.action}
      </Link>
    ),
  },
  {
    key: "what",
    label: "To",
    width: "22%",
    narrow: "full",
    render: (entry) => (
      <span className="clip">
        {entry.resourceKind} <b>{entry.resourceName ?? entry.resourceId ?? ""}</b>
      </span>
    ),
  },
  {
    key: "fields",
    label: "Changed",
    narrow: "full",
    render: (entry) => <span className="clip quiet">{changedFields(entry)}</span>,
  },
  {
    key: "address",
    label: "From",
    width: 130,
    narrow: "hide",
    render: (entry) => <span className="clip mono">{entry.address}</span>,
  },
];

export function AuditEntryList() {
  return (
    <ListPage<AuditEntry>
      title="Audit"
      columns={columns}
      sort={{ field: "atMs", order: "DESC" }}
      filters={
        <>
          <TextFilter source="q" label="Words" />
          <TextFilter source="actorName" label="Who" width={120} />
          <TextFilter source="action" label="Action, e.g. check.update" width={180} />
        </>
      }
      rowPath={(entry) => `/audit-entries/${entry.id}/show`}
      empty={<Message title="Nothing was changed yet" />}
    />
  );
}
