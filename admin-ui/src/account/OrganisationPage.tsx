import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import type { Organisation } from "@mycloud/protocol/customer";
import type { Invitation } from "@mycloud/protocol/invitation";
import { Role, type User } from "@mycloud/protocol/user";
import { useQueryClient } from "@tanstack/react-query";
import { useCreate, useDelete, useGetList, useNotify, useUpdate } from "react-admin";
import { Link } from "react-router-dom";
import { ErrorMessage, Message, SkeletonLines } from "../layout/Message.tsx";
import { PageHeader } from "../layout/PageHeader.tsx";
import { Fault } from "../login/EntryCard.tsx";
import { useSubmit } from "../login/useSubmit.ts";
import { useAccountProvider } from "../providers/account-provider.ts";
import { Panel } from "../record/Panel.tsx";
import { RelativeTime } from "../time/RelativeTime.tsx";
import { useAccount } from "./AccountPage.tsx";

const roleNames = { admin: "owner", operator: "member", viewer: "reader" } as const satisfies Record<Role, string>;
const roles = [
  { role: "operator", text: "member: also acts and enrols machines" },
  { role: "viewer", text: "reader: sees everything, changes nothing" },
  { role: "admin", text: "owner: also invites and removes people" },
] as const;

/** One's own organisation: what it is called, who belongs to it, who is invited. */
export function OrganisationPage() {
  const { data: account, error, refetch } = useAccount();
  if (account === undefined) {
    return (
      <>
        <PageHeader title="My organisation" />
        {error ? <ErrorMessage error={error} onRetry={refetch} /> : <SkeletonLines count={6} />}
      </>
    );
  }
  const { organisation, role } = account;
  if (organisation === null) {
    return (
      <>
        <PageHeader title="My organisation" />
        <Message title="You belong to no organisation">
          <p>
            You help to run this installation. Its customers are under <Link to="/customers">Customers</Link>.
          </p>
        </Message>
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={organisation.title}
        subtitle={`${organisation.memberCount} people, ${organisation.hostCount} machines`}
        actions={
          role === "viewer" ? null : (
            <Button component={Link} to="/enrolment-tokens/create" variant="contained">
              Add a machine
            </Button>
          )
        }
      />
      <div className="stack form">
        {role === "admin" ? (
          <>
            <SettingsPanel organisation={organisation} />
            <MembersPanel ownId={account.id} />
            <InvitationsPanel />
          </>
        ) : (
          <Message title={`You are a ${roleNames[role]} here`}>
            <p>Owners invite people and change these settings.</p>
          </Message>
        )}
      </div>
    </>
  );
}

function SettingsPanel({ organisation }: { readonly organisation: Organisation }) {
  const provider = useAccountProvider();
  const queries = useQueryClient();
  const notify = useNotify();
  const { isBusy, fault, onSubmit } = useSubmit(async (field) => {
    const contactEmail = field("contactEmail").trim();
    await provider.updateOrganisation({
      title: field("title"),
      contactEmail: contactEmail === "" ? null : contactEmail,
      isTotpRequired: field("isTotpRequired") === "on",
    });
    notify("Saved", { type: "info" });
    await queries.invalidateQueries({ queryKey: ["account"] });
  });
  return (
    <Panel title="Settings">
      <form onSubmit={onSubmit}>
        <div className="form-grid">
          <TextField label="Name" name="title" defaultValue={organisation.title} required />
          <TextField
            label="Contact e-mail"
            name="contactEmail"
            type="email"
            defaultValue={organisation.contactEmail ?? ""}
          />
        </div>
        <FormControlLabel
          label="Everybody needs a second step; who has none is led to set it up"
          control={<Checkbox size="small" name="isTotpRequired" defaultChecked={organisation.isTotpRequired} />}
        />
        <Fault text={fault} />
        <div>
          <Button type="submit" size="small" variant="contained" disabled={isBusy}>
            Save
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function MembersPanel({ ownId }: { readonly ownId: number }) {
  const notify = useNotify();
  const { data, error, refetch } = useGetList<User>("users", {
    pagination: { page: 1, perPage: 200 },
    sort: { field: "name", order: "ASC" },
  });
  const [update] = useUpdate<User>();
  const [remove] = useDelete<User>();
  const onError = (fault: unknown) =>
    notify(fault instanceof Error ? fault.message : "that did not work", { type: "error" });
  const onSettled = () => void refetch();
  return (
    <Panel title="People">
      {data === undefined ? (
        error ? (
          <ErrorMessage error={error} onRetry={refetch} />
        ) : (
          <SkeletonLines count={3} />
        )
      ) : (
        <ul className="sessions">
          {data.map((member) => (
            <li key={member.id}>
              <span className="wrap">
                <b>{member.name}</b> <span className="quiet">{member.email}</span>
              </span>
              <span className="row">
                <TextField
                  select
                  size="small"
                  label="Role"
                  value={member.role}
                  sx={{ minWidth: 110, m: 0 }}
                  onChange={(event) =>
                    update(
                      "users",
                      { id: member.id, data: { role: Role.parse(event.target.value) }, previousData: member },
                      { mutationMode: "pessimistic", onError, onSettled },
                    )
                  }
                >
                  {roles.map(({ role }) => (
                    <MenuItem key={role} value={role}>
                      {roleNames[role]}
                    </MenuItem>
                  ))}
                </TextField>
                <Button
                  size="small"
                  color="error"
                  disabled={member.id === ownId}
                  onClick={() => {
                    if (!window.confirm(`Remove ${member.name}? Their sessions and tokens end at once.`)) return;
                    remove(
                      "users",
                      { id: member.id, previousData: member },
                      { mutationMode: "pessimistic", onError, onSettled },
                    );
                  }}
                >
                  Remove
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function InvitationsPanel() {
  const notify = useNotify();
  const { data, refetch } = useGetList<Invitation>("invitations", {
    pagination: { page: 1, perPage: 50 },
    sort: { field: "id", order: "DESC" },
  });
  const [create] = useCreate<Invitation>();
  const [revoke] = useDelete<Invitation>();
  const { isBusy, fault, onSubmit } = useSubmit(async (field, form) => {
    const email = field("email");
    await create("invitations", { data: { email, role: Role.parse(field("role")) } }, { returnPromise: true });
    form.reset();
    notify(`A mail is on its way to ${email}`, { type: "info" });
    await refetch();
  });
  const waiting = (data ?? []).filter(({ phase }) => phase === "waiting" || phase === "expired");
  return (
    <Panel title="Invite somebody">
      <form onSubmit={onSubmit}>
        <div className="form-grid">
          <TextField label="E-mail" name="email" type="email" required />
          <TextField select label="Role" name="role" defaultValue="operator">
            {roles.map(({ role, text }) => (
              <MenuItem key={role} value={role}>
                {text}
              </MenuItem>
            ))}
          </TextField>
        </div>
        <Fault text={fault} />
        <Button type="submit" size="small" variant="contained" disabled={isBusy}>
          Invite
        </Button>
      </form>
      <ul className="sessions">
        {waiting.map((invitation) => (
          <li key={invitation.id}>
            <span className="wrap">
              {invitation.email}{" "}
              <span className="quiet">
                {roleNames[invitation.role]}, invited <RelativeTime atMs={invitation.createdAtMs} />
                {invitation.phase === "expired" ? ", expired" : ""}
              </span>
            </span>
            <Button
              size="small"
              onClick={() =>
                revoke(
                  "invitations",
                  { id: invitation.id, previousData: invitation },
                  { mutationMode: "pessimistic", onSettled: () => void refetch() },
                )
              }
            >
              Take back
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
