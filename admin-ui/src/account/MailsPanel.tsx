import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import { type Account, mailKindTitles } from "@mycloud/protocol/account";
import { useQueryClient } from "@tanstack/react-query";
import { useNotify } from "react-admin";
import { useAccountProvider } from "../providers/account-provider.ts";
import { Panel } from "../record/Panel.tsx";

/** Which mails one wants; each box counts at once. */
export function MailsPanel({ account }: { readonly account: Account }) {
  const provider = useAccountProvider();
  const queries = useQueryClient();
  const notify = useNotify();
  return (
    <Panel title="Mails">
      <p>Write to me when</p>
      {account.mailPreferences.map(({ kind, isWanted }) => (
        <FormControlLabel
          key={kind}
          sx={{ display: "flex" }}
          label={mailKindTitles[kind]}
          control={
            <Checkbox
              size="small"
              checked={isWanted}
              onChange={async (_, isChecked) => {
                try {
                  queries.setQueryData(["account"], await provider.chooseMails([{ kind, isWanted: isChecked }]));
                } catch (error) {
                  notify(error instanceof Error ? error.message : "that was not saved", { type: "error" });
                }
              }}
            />
          }
        />
      ))}
      <p className="hint">Changes of your password, address or second step are always told.</p>
    </Panel>
  );
}
