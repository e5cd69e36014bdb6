import AddIcon from "@mui/icons-material/AddOutlined";
import Button from "@mui/material/Button";
import type { EnrolmentToken } from "@mycloud/protocol/enrolment-token";
import { useDelete } from "react-admin";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { ListPage } from "../../list/ListPage.tsx";
import { useMayAccess } from "../../providers/hooks.ts";
import { formatLabel } from "../../selector/selector-text.ts";
import { RelativeTime } from "../../time/RelativeTime.tsx";

const phaseTone = { waiting: "tone-warning", used: "tone-ok", expired: "quiet", revoked: "quiet" } as const;

function RevokeButton({ token }: { token: EnrolmentToken }) {
  const [remove, { isPending }] = useDelete();
  if (token.phase !== "waiting") return null;
  return (
    <Button
      variant="outlined"
      disabled={isPending}
      onClick={() => remove("enrolment-tokens", { id: token.id, previousData: token }, { mutationMode: "pessimistic" })}
    >
      Revoke
    </Button>
  );
}

const columns: readonly Column<EnrolmentToken>[] = [
  {
    key: "phase",
    label: "Phase",
    width: 100,
    render: (token) => <b className={phaseTone[token.phase]}>{token.phase}</b>,
  },
  {
    key: "host",
    label: "Host",
    narrow: "grow",
    render: (token) =>
      token.usedByHostId === null ? (
        <span className="clip quiet">{token.hostName ?? "any"}</span>
      ) : (
        <Link className="strong clip" to={`/hosts/${token.usedByHostId}/show`}>
          {token.usedByHostName}
        </Link>
      ),
  },
  {
    key: "gives",
    label: "Gives the host",
    narrow: "full",
    render: (token) => (
      <span className="clip">
        {[
          ...token.groups.map((group) => `group ${group}`),
          ...Object.entries(token.labels).map(([name, value]) => formatLabel(name, value)),
        ].join(", ") || <span className="quiet">nothing</span>}
      </span>
    ),
  },
  {
    key: "created",
    label: "Created",
    sortBy: "createdAtMs",
    width: 180,
    narrow: "hide",
    render: (token) => (
      <span className="clip">
        <RelativeTime atMs={token.createdAtMs} /> <span className="quiet">{token.createdByName}</span>
      </span>
    ),
  },
  {
    key: "expires",
    label: "Expires",
    sortBy: "expiresAtMs",
    width: 120,
    render: (token) => <RelativeTime atMs={token.expiresAtMs} />,
  },
  { key: "revoke", label: "", width: 104, render: (token) => <RevokeButton token={token} /> },
];

export function EnrolmentTokenList() {
  const mayCreate = useMayAccess("create", "enrolment-tokens");
  const create = mayCreate ? (
    <Button component={Link} to="/enrolment-tokens/create" variant="contained" startIcon={<AddIcon />}>
      Enrol a host
    </Button>
  ) : null;
  return (
    <ListPage<EnrolmentToken>
      title="Enrolment"
      subtitle="One-time tokens with which agents join; the host's key never leaves the host"
      columns={columns}
      sort={{ field: "createdAtMs", order: "DESC" }}
      views={[
        { name: "All", filter: {} },
        { name: "Waiting", filter: { phase: "waiting" } },
        { name: "Used", filter: { phase: "used" } },
      ]}
      actions={create}
      empty={
        <Message title="No tokens yet">
          <p>A token lets one host in, once, for as long as you say.</p>
          {create}
        </Message>
      }
    />
  );
}
