import AddIcon from "@mui/icons-material/AddOutlined";
import Button from "@mui/material/Button";
import type { Check } from "@mycloud/protocol/check";
import { Link } from "react-router-dom";
import { joinArguments } from "../../form/split-arguments.ts";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import { useMayAccess } from "../../providers/hooks.ts";
import { hostSelectorText } from "../../selector/selector-text.ts";
import { formatDuration } from "../../time/duration.ts";

const columns: readonly Column<Check>[] = [
  {
    key: "name",
    label: "Check",
    sortBy: "name",
    width: "18%",
    narrow: "grow",
    render: (check) => (
      <span className="row" style={{ flexWrap: "nowrap" }}>
        <Link className="strong clip" to={`/checks/${check.id}`}>
          {check.name}
        </Link>
        {check.isEnabled ? null : <span className="mark">disabled</span>}
      </span>
    ),
  },
  {
    key: "command",
    label: "Command",
    sortBy: "command",
    narrow: "full",
    render: (check) => <code className="mono clip">{`${check.command} ${joinArguments(check.arguments)}`.trim()}</code>,
  },
  {
    key: "selector",
    label: "Applies to",
    width: "24%",
    narrow: "full",
    render: (check) => <span className="clip">{hostSelectorText(check.selector)}</span>,
  },
  {
    key: "interval",
    label: "Every",
    sortBy: "checkIntervalSeconds",
    width: 80,
    isNumber: true,
    narrow: "hide",
    render: (check) => formatDuration(check.checkIntervalSeconds),
  },
  {
    key: "services",
    label: "Services",
    width: 90,
    isNumber: true,
    render: (check) => (
      <Link to={`/services?filter=${encodeURIComponent(JSON.stringify({ checkId: check.id }))}`}>
        {check.serviceCount}
      </Link>
    ),
  },
];

export function CheckList() {
  const mayCreate = useMayAccess("create", "checks");
  const create = mayCreate ? (
    <Button component={Link} to="/checks/create" variant="contained" startIcon={<AddIcon />}>
      New check
    </Button>
  ) : null;
  return (
    <ListPage<Check>
      title="Checks"
      subtitle="A check becomes one service on every host that its selector matches"
      columns={columns}
      sort={{ field: "name", order: "ASC" }}
      views={[
        { name: "All", filter: {} },
        { name: "Disabled", filter: { isEnabled: false } },
      ]}
      filters={<TextFilter source="q" label="Words" />}
      actions={create}
      rowPath={(check) => `/checks/${check.id}`}
      empty={
        <Message title="No checks yet">
          <p>A check says what to run, on which hosts and how often.</p>
          {create}
        </Message>
      }
    />
  );
}
