import AddIcon from "@mui/icons-material/AddOutlined";
import Button from "@mui/material/Button";
import type { Zone } from "@mycloud/protocol/dns-zone";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { ChoiceFilter, TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import { useMayAccess } from "../../providers/hooks.ts";
import { RelativeTime } from "../../time/RelativeTime.tsx";

export function zonePath({ id }: Pick<Zone, "id">): string {
  return `/dns/zones/${id}/show`;
}

const columns: readonly Column<Zone>[] = [
  {
    key: "name",
    label: "Zone",
    sortBy: "name",
    narrow: "grow",
    render: (zone) => (
      <>
        <Link className="strong clip" to={zonePath(zone)}>
          {zone.name}
        </Link>
        {zone.view === null ? null : <span className="mark">{zone.view}</span>}
        {zone.kind === "secondary" ? <span className="mark">secondary</span> : null}
      </>
    ),
  },
  {
    key: "serial",
    label: "Serial",
    width: 130,
    render: ({ serial }) => serial ?? <span className="quiet">its own</span>,
  },
  {
    key: "records",
    label: "Records",
    sortBy: "recordCount",
    width: 100,
    isNumber: true,
    render: ({ recordCount }) => recordCount.toLocaleString("en"),
  },
  { key: "customer", label: "Customer", width: "14%", narrow: "hide", render: ({ customer }) => customer ?? "" },
  {
    key: "comment",
    label: "Comment",
    narrow: "hide",
    render: ({ comment }) => <span className="clip quiet">{comment}</span>,
  },
  {
    key: "changed",
    label: "Changed",
    sortBy: "changedAtMs",
    width: 130,
    narrow: "hide",
    render: ({ changedAtMs }) => <RelativeTime atMs={changedAtMs} />,
  },
];

/** Every zone that one may see. */
export function ZoneList() {
  const mayCreate = useMayAccess("create", "dns/zones");
  const create = mayCreate ? (
    <Button component={Link} to="/dns/zones/create" variant="contained" startIcon={<AddIcon />}>
      New zone
    </Button>
  ) : null;
  return (
    <ListPage<Zone>
      title="Zones"
      subtitle="What our name servers answer"
      columns={columns}
      sort={{ field: "name", order: "ASC" }}
      actions={
        <>
          <Button component={Link} to="/dns/query" variant="outlined">
            Test a query
          </Button>
          {create}
        </>
      }
      filters={
        <>
          <TextFilter source="q" label="Words" />
          <ChoiceFilter
            label="Kind"
            choices={[
              { text: "Any kind", filter: {} },
              { text: "primary", filter: { kind: "primary" } },
              { text: "secondary", filter: { kind: "secondary" } },
            ]}
          />
        </>
      }
      rowPath={zonePath}
      empty={
        <Message title="No zones yet">
          <p>
            Make one here, or bring one along: <code>mycloud dns zone import example.org example.org.zone</code>
          </p>
          {create}
        </Message>
      }
    />
  );
}
