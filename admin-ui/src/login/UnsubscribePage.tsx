import Button from "@mui/material/Button";
import { mailKindTitles } from "@mycloud/protocol/account";
import { useState } from "react";
import { Link, useParams } from "react-router-dom";
import { useAccountProvider } from "../providers/account-provider.ts";
import { EntryCard, Fault } from "./EntryCard.tsx";
import { useSubmit } from "./useSubmit.ts";

/** Where the end of a mail leads: one click, and there are no more of that kind. */
export function UnsubscribePage() {
  const { secret = "" } = useParams();
  const account = useAccountProvider();
  const [message, setMessage] = useState<string | null>(null);
  const { isBusy, fault, onSubmit } = useSubmit(async () => {
    const { kind, email } = await account.unsubscribe(secret);
    setMessage(`${email} is not written to any more when ${mailKindTitles[kind]}.`);
  });
  return (
    <EntryCard title="Fewer mails">
      {message !== null ? (
        <p role="status" className="wrap">
          {message}
        </p>
      ) : (
        <form onSubmit={onSubmit}>
          <p className="hint">Mails of this kind stop. Others, and those about changes of your account, go on.</p>
          <Fault text={fault} />
          <Button type="submit" variant="contained" fullWidth disabled={isBusy}>
            No more of these
          </Button>
        </form>
      )}
      <p className="entry-links">
        <Link to="/account">All my mails</Link>
      </p>
    </EntryCard>
  );
}
