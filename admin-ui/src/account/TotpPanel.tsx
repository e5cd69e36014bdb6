import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import type { Account, TotpSetup } from "@mycloud/protocol/account";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Fault } from "../login/EntryCard.tsx";
import { useSubmit } from "../login/useSubmit.ts";
import { useAccountProvider } from "../providers/account-provider.ts";
import { Panel } from "../record/Panel.tsx";
import { RecoveryCodeList } from "./RecoveryCodeList.tsx";
import { TotpSecret } from "./TotpSecret.tsx";

type Wish = "recovery-codes" | "remove";

/** The second step: set up, new recovery codes, removed. */
export function TotpPanel({ account }: { readonly account: Account }) {
  const provider = useAccountProvider();
  const queries = useQueryClient();
  const [setup, setSetup] = useState<TotpSetup | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [wish, setWish] = useState<Wish | null>(null);
  const refresh = () => queries.invalidateQueries({ queryKey: ["account"] });

  const begin = useSubmit(async (field) => setSetup(await provider.setUpTotp(field("currentPassword"))));
  const confirm = useSubmit(async (field) => {
    setCodes((await provider.confirmTotp(field("code"))).recoveryCodes);
    setSetup(null);
    await refresh();
  });
  const carryOut = useSubmit(async (field) => {
    if (wish === "remove") await provider.removeTotp(field("currentPassword"));
    else setCodes((await provider.replaceRecoveryCodes(field("currentPassword"))).recoveryCodes);
    setWish(null);
    await refresh();
  });

  return (
    <Panel title="Second step">
      {codes === null ? null : <RecoveryCodeList codes={codes} />}
      {account.isTotpEnabled ? (
        <>
          <p>
            A code of your authenticator is asked for when you sign in. {account.recoveryCodesLeft} of 10 recovery codes
            are left.
          </p>
          {wish === null ? (
            <div className="row">
              <Button size="small" variant="outlined" onClick={() => setWish("recovery-codes")}>
                New recovery codes
              </Button>
              <Button size="small" color="error" disabled={account.isTotpRequired} onClick={() => setWish("remove")}>
                {account.isTotpRequired ? "Your organisation wants it" : "Remove"}
              </Button>
            </div>
          ) : (
            <form onSubmit={carryOut.onSubmit}>
              <CurrentPassword />
              <Fault text={carryOut.fault} />
              <div className="row">
                <Button type="submit" size="small" variant="contained" disabled={carryOut.isBusy}>
                  {wish === "remove" ? "Remove the second step" : "Make ten new ones"}
                </Button>
                <Button size="small" onClick={() => setWish(null)}>
                  Cancel
                </Button>
              </div>
            </form>
          )}
        </>
      ) : setup === null ? (
        <form onSubmit={begin.onSubmit}>
          <p>With an authenticator app, somebody who knows your password still does not get in.</p>
          <CurrentPassword />
          <Fault text={begin.fault} />
          <Button type="submit" size="small" variant="contained" disabled={begin.isBusy}>
            Set it up
          </Button>
        </form>
      ) : (
        <form onSubmit={confirm.onSubmit} className="stack">
          <p>Scan this with the app, then type the code that it shows.</p>
          <TotpSecret setup={setup} />
          <TextField label="Code" name="code" autoComplete="one-time-code" autoFocus required />
          <Fault text={confirm.fault} />
          <div>
            <Button type="submit" size="small" variant="contained" disabled={confirm.isBusy}>
              Confirm
            </Button>
          </div>
        </form>
      )}
    </Panel>
  );
}

function CurrentPassword() {
  return (
    <TextField
      label="Current password"
      name="currentPassword"
      type="password"
      autoComplete="current-password"
      required
    />
  );
}
