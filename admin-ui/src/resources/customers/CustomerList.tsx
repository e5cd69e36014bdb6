import AddIcon from "@mui/icons-material/AddOutlined";
import Button from "@mui/material/Button";
import type { Customer } from "@mycloud/protocol/customer";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";

const columns: readonly Column<Customer>[] = [
  {
    key: "title",
    label: "Customer",
    sortBy: "title",
    narrow: "grow",
    render: (customer) => (
      <Link className="strong clip" to={`/customers/${customer.id}`}>
        {customer.title}
      </Link>
    ),
  },
  { key: "name", label: "Short name", sortBy: "name", narrow: "full", render: (customer) => customer.name },
  { key: "members", label: "People", width: 90, render: (customer) => customer.memberCount },
  { key: "hosts", label: "Hosts", width: 90, render: (customer) => customer.hostCount },
  {
    key: "created",
    label: "Since",
    sortBy: "createdAtMs",
    width: 130,
    narrow: "hide",
    render: (customer) => <RelativeTime atMs={customer.createdAtMs} />,
  },
  {
    key: "suspended",
    label: "",
    width: 104,
    render: (customer) => (customer.isSuspended ? <span className="mark">suspended</span> : null),
  },
];

export function CustomerList() {
  const create = (
    <Button component={Link} to="/customers/create" variant="contained" startIcon={<AddIcon />}>
      New customer
    </Button>
  );
  return (
    <ListPage<Customer>
      title="Customers"
      columns={columns}
      sort={{ field: "title", order: "ASC" }}
      filters={<TextFilter source="q" label="Words" />}
      actions={create}
      rowPath={(customer) => `/customers/${customer.id}`}
      empty={
        <Message title="No customers yet">
          <p>A customer's people see that customer's hosts and nothing else.</p>
          {create}
        </Message>
      }
    />
  );
}
