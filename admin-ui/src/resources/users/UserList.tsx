import AddIcon from "@mui/icons-material/AddOutlined";
import Button from "@mui/material/Button";
import type { User } from "@mycloud/protocol/user";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";

const columns: readonly Column<User>[] = [
  {
    key: "name",
    label: "Name",
    sortBy: "name",
    narrow: "grow",
    render: (user) => (
      <Link className="strong clip" to={`/users/${user.id}`}>
        {user.name}
      </Link>
    ),
  },
  {
    key: "email",
    label: "E-mail",
    sortBy: "email",
    narrow: "full",
    render: (user) => <span className="clip">{user.email}</span>,
  },
  { key: "role", label: "Role", sortBy: "role", width: 110, render: (user) => user.role },
  {
    key: "customer",
    label: "Customer",
    width: 130,
    narrow: "hide",
    render: (user) => user.customer ?? <span className="quiet">—</span>,
  },
  {
    key: "login",
    label: "Last signed in",
    sortBy: "lastLoginAtMs",
    width: 140,
    render: (user) => <RelativeTime atMs={user.lastLoginAtMs} />,
  },
  {
    key: "disabled",
    label: "",
    width: 92,
    render: (user) => (user.isDisabled ? <span className="mark">disabled</span> : null),
  },
];

export function UserList() {
  return (
    <ListPage<User>
      title="Users"
      columns={columns}
      sort={{ field: "name", order: "ASC" }}
      filters={<TextFilter source="q" label="Words" />}
      actions={
        <Button component={Link} to="/users/create" variant="contained" startIcon={<AddIcon />}>
          New user
        </Button>
      }
      rowPath={(user) => `/users/${user.id}`}
      empty={<Message title="No users" />}
    />
  );
}
