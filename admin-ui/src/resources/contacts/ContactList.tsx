import AddIcon from "@mui/icons-material/AddOutlined";
import Button from "@mui/material/Button";
import type { Contact } from "@mycloud/protocol/contact";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import { useMayAccess } from "../../providers/hooks.ts";
import { TestNotificationButton } from "./TestNotificationButton.tsx";

const columns: readonly Column<Contact>[] = [
  {
    key: "name",
    label: "Contact",
    sortBy: "name",
    narrow: "grow",
    render: (contact) => (
      <Link className="strong clip" to={`/contacts/${contact.id}`}>
        {contact.name}
      </Link>
    ),
  },
  {
    key: "email",
    label: "E-mail",
    sortBy: "email",
    narrow: "full",
    render: (contact) => <span className="clip">{contact.email}</span>,
  },
  {
    key: "customer",
    label: "Customer",
    width: 140,
    narrow: "hide",
    render: (contact) => contact.customer ?? <span className="quiet">—</span>,
  },
  {
    key: "enabled",
    label: "Told",
    width: 100,
    render: (contact) => (contact.isEnabled ? "yes" : <span className="mark">disabled</span>),
  },
  { key: "test", label: "", width: 150, render: (contact) => <TestNotificationButton contact={contact} /> },
];

export function ContactList() {
  const mayCreate = useMayAccess("create", "contacts");
  const create = mayCreate ? (
    <Button component={Link} to="/contacts/create" variant="contained" startIcon={<AddIcon />}>
      New contact
    </Button>
  ) : null;
  return (
    <ListPage<Contact>
      title="Contacts"
      columns={columns}
      sort={{ field: "name", order: "ASC" }}
      filters={<TextFilter source="q" label="Words" />}
      actions={create}
      rowPath={(contact) => `/contacts/${contact.id}`}
      empty={
        <Message title="Nobody can be told yet">
          <p>Add a contact, then a notification rule that says of what it is told.</p>
          {create}
        </Message>
      }
    />
  );
}
