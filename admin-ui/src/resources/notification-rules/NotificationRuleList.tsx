import AddIcon from "@mui/icons-material/AddOutlined";
import Button from "@mui/material/Button";
import type { NotificationRule } from "@mycloud/protocol/notification";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import { useMayAccess } from "../../providers/hooks.ts";
import { serviceSelectorText } from "../../selector/selector-text.ts";

const columns: readonly Column<NotificationRule>[] = [
  {
    key: "name",
    label: "Rule",
    sortBy: "name",
    width: "24%",
    narrow: "grow",
    render: (rule) => (
      <span className="row" style={{ flexWrap: "nowrap" }}>
        <Link className="strong clip" to={`/notification-rules/${rule.id}`}>
          {rule.name}
        </Link>
        {rule.isEnabled ? null : <span className="mark">disabled</span>}
      </span>
    ),
  },
  {
    key: "contacts",
    label: "Tells",
    width: "18%",
    narrow: "full",
    render: (rule) =>
      rule.contactNames.length > 0 ? (
        <span className="clip">{rule.contactNames.join(", ")}</span>
      ) : (
        <b className="tone-warning">nobody</b>
      ),
  },
  {
    key: "selector",
    label: "Of",
    narrow: "full",
    render: (rule) => <span className="clip">{serviceSelectorText(rule.selector)}</span>,
  },
  {
    key: "states",
    label: "In",
    narrow: "full",
    render: (rule) => <span className="clip quiet">{rule.states.join(", ")}</span>,
  },
];

export function NotificationRuleList() {
  const mayCreate = useMayAccess("create", "notification-rules");
  const create = mayCreate ? (
    <Button component={Link} to="/notification-rules/create" variant="contained" startIcon={<AddIcon />}>
      New rule
    </Button>
  ) : null;
  return (
    <ListPage<NotificationRule>
      title="Notification rules"
      subtitle="Who is told of what. A problem that told nobody says why on its page."
      columns={columns}
      sort={{ field: "name", order: "ASC" }}
      filters={<TextFilter source="q" label="Words" />}
      actions={create}
      rowPath={(rule) => `/notification-rules/${rule.id}`}
      empty={
        <Message title="No rules yet">
          <p>Without a rule nobody is told of anything.</p>
          {create}
        </Message>
      }
    />
  );
}
