import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import type { Account } from "@mycloud/protocol/account";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNotify } from "react-admin";
import { Fault } from "../login/EntryCard.tsx";
import { useSubmit } from "../login/useSubmit.ts";
import { useAccountProvider } from "../providers/account-provider.ts";
import { Panel } from "../record/Panel.tsx";

/** Name and time zone. */
export function ProfilePanel({ account }: { readonly account: Account }) {
  const provider = useAccountProvider();
  const queries = useQueryClient();
  const notify = useNotify();
  const { isBusy, fault, onSubmit } = useSubmit(async (field) => {
    const timeZone = field("timeZone").trim();
    const changed = await provider.updateAccount({ name: field("name"), timeZone: timeZone === "" ? null : timeZone });
    queries.setQueryData(["account"], changed);
    notify("Saved", { type: "info" });
  });
  return (
    <Panel title="Profile">
      <form onSubmit={onSubmit}>
        <div className="form-grid">
          <TextField label="Name" name="name" autoComplete="name" defaultValue={account.name} required />
          <TextField
            label="Time zone"
            name="timeZone"
            defaultValue={account.timeZone ?? ""}
            placeholder={Intl.DateTimeFormat().resolvedOptions().timeZone}
            helperText="Mails are dated in it; empty: UTC"
          />
        </div>
        <Fault text={fault} />
        <Button type="submit" variant="contained" size="small" disabled={isBusy}>
          Save
        </Button>
      </form>
    </Panel>
  );
}

/** Another password, with the present one. */
export function PasswordPanel() {
  const provider = useAccountProvider();
  const notify = useNotify();
  const { isBusy, fault, onSubmit } = useSubmit(async (field, form) => {
    await provider.changePassword({ currentPassword: field("currentPassword"), newPassword: field("newPassword") });
    form.reset();
    notify("Your password was changed; other sessions were ended", { type: "info" });
  });
  return (
    <Panel title="Password">
      <form onSubmit={onSubmit}>
        <div className="form-grid">
          <TextField
            label="Current password"
            name="currentPassword"
            type="password"
            autoComplete="current-password"
            required
          />
          <TextField
            label="New password"
            name="newPassword"
            type="password"
            autoComplete="new-password"
            helperText="At least 12 characters"
            required
          />
        </div>
        <Fault text={fault} />
        <Button type="submit" variant="outlined" size="small" disabled={isBusy}>
          Change the password
        </Button>
      </form>
    </Panel>
  );
}

/** Another e-mail address, which counts once it was confirmed there. */
export function AddressPanel() {
  const provider = useAccountProvider();
  const [message, setMessage] = useState<string | null>(null);
  const { isBusy, fault, onSubmit } = useSubmit(async (field, form) => {
    const request = { email: field("email"), currentPassword: field("currentPassword") };
    setMessage((await provider.askEmailChange(request)).message);
    form.reset();
  });
  return (
    <Panel title="E-mail address">
      <form onSubmit={onSubmit}>
        <div className="form-grid">
          <TextField label="New address" name="email" type="email" required />
          <TextField
            label="Current password"
            name="currentPassword"
            type="password"
            autoComplete="current-password"
            required
          />
        </div>
        <Fault text={fault} />
        {message === null ? null : <p role="status">{message}</p>}
        <Button type="submit" variant="outlined" size="small" disabled={isBusy}>
          Send a link there
        </Button>
      </form>
    </Panel>
  );
}
