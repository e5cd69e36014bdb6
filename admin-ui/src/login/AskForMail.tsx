import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import type { MailPromise } from "@mycloud/protocol/registration";
import { useState } from "react";
import { Link } from "react-router-dom";
import { useAccountProvider } from "../providers/account-provider.ts";
import { EntryCard, Fault } from "./EntryCard.tsx";
import { useSubmit } from "./useSubmit.ts";

interface AskForMailProps {
  readonly title: string;
  readonly hint: string;
  readonly isOrganisationAsked: boolean;
  readonly action: string;
  ask(email: string, title: string): Promise<MailPromise>;
}

/** Asks for an address, and says that a mail is on its way; the same whether or not the address is known. */
function AskForMail({ title, hint, isOrganisationAsked, action, ask }: AskForMailProps) {
  const [message, setMessage] = useState<string | null>(null);
  const { isBusy, fault, onSubmit } = useSubmit(async (field) => {
    setMessage((await ask(field("email"), field("title"))).message);
  });
  return (
    <EntryCard title={title}>
      {message !== null ? (
        <p role="status">{message}</p>
      ) : (
        <form onSubmit={onSubmit}>
          <p className="hint">{hint}</p>
          {isOrganisationAsked ? (
            <TextField label="Your organisation" name="title" autoComplete="organization" autoFocus required />
          ) : null}
          <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
          <Fault text={fault} />
          <Button type="submit" variant="contained" fullWidth disabled={isBusy} sx={{ mt: 2, minHeight: 36 }}>
            {action}
          </Button>
        </form>
      )}
      <p className="entry-links">
        <Link to="/login">Sign in</Link>
      </p>
    </EntryCard>
  );
}

/** Registration, first half: the address is confirmed by a mail. */
export function Register() {
  const account = useAccountProvider();
  return (
    <AskForMail
      title="Register"
      hint="A mail with a link comes to your address; with it you choose your name and a password."
      isOrganisationAsked
      action="Send me the link"
      ask={(email, title) => account.register({ email, title })}
    />
  );
}

/** A forgotten password, first half. */
export function Forgotten() {
  const account = useAccountProvider();
  return (
    <AskForMail
      title="Forgotten password"
      hint="A mail with a link comes to your address; with it you choose a new password."
      isOrganisationAsked={false}
      action="Send me the link"
      ask={(email) => account.askPasswordReset(email)}
    />
  );
}
