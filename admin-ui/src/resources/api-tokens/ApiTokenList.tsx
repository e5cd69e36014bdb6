import AddIcon from "@mui/icons-material/AddOutlined";
import Button from "@mui/material/Button";
import type { ApiToken } from "@mycloud/protocol/api-token";
import { DeleteWithConfirmButton, RecordContextProvider } from "react-admin";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { ListPage } from "../../list/ListPage.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";

const columns: readonly Column<ApiToken>[] = [
  {
    key: "name",
    label: "Token",
    sortBy: "name",
    narrow: "grow",
    render: (token) => (
      <span className="clip">
        <b>{token.name}</b> <code className="mono quiet">{token.prefix}…</code>
      </span>
    ),
  },
  {
    key: "scopes",
    label: "May",
    narrow: "full",
    render: (token) => (
      <span className="row" style={{ gap: 4 }}>
        {token.scopes.map((scope) => (
          <span key={scope} className="label-chip">
            {scope}
          </span>
        ))}
      </span>
    ),
  },
  {
    key: "used",
    label: "Last used",
    sortBy: "lastUsedAtMs",
    width: 130,
    render: (token) => <RelativeTime atMs={token.lastUsedAtMs} />,
  },
  {
    key: "expires",
    label: "Expires",
    sortBy: "expiresAtMs",
    width: 130,
    render: (token) => <RelativeTime atMs={token.expiresAtMs} />,
  },
  {
    key: "revoke",
    label: "",
    width: 120,
    render: (token) => (
      <RecordContextProvider value={token}>
        <DeleteWithConfirmButton
          size="small"
          label="Revoke"
          redirect={false}
          mutationMode="pessimistic"
          confirmTitle={`Revoke ${token.name}?`}
          confirmContent="Programs that use it are refused at once."
        />
      </RecordContextProvider>
    ),
  },
];

export function ApiTokenList() {
  const create = (
    <Button component={Link} to="/api-tokens/create" variant="contained" startIcon={<AddIcon />}>
      New token
    </Button>
  );
  return (
    <ListPage<ApiToken>
      title="API tokens"
      subtitle="Access for programs; only a hash is kept"
      columns={columns}
      sort={{ field: "name", order: "ASC" }}
      actions={create}
      empty={
        <Message title="No tokens yet">
          <p>A token lets a program read, write or send check results.</p>
          {create}
        </Message>
      }
    />
  );
}
