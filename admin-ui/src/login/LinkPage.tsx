import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import type { LinkLook } from "@mycloud/protocol/registration";
import type { SecondStep } from "@mycloud/protocol/session";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router-dom";
import { SkeletonLines } from "../layout/Message.tsx";
import { useAccountProvider } from "../providers/account-provider.ts";
import { EntryCard, Fault } from "./EntryCard.tsx";
import { enterConsole } from "./enter-console.ts";
import { SecondStepForm } from "./SecondStepForm.tsx";
import { SecondStepNeeded, sessionIn } from "./second-step-needed.ts";
import { useSubmit } from "./useSubmit.ts";

/** Where links in mails lead. Opening the page uses nothing up, so that programs that look at mails do no harm. */
export function LinkPage() {
  const { secret = "" } = useParams();
  const account = useAccountProvider();
  const { data: look, error } = useQuery({
    queryKey: ["link", secret],
    queryFn: () => account.lookAtLink(secret),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) {
    return (
      <EntryCard title="This link does not work">
        <Fault text={error.message} />
        <p className="entry-links">
          <Link to="/login">Sign in</Link>
          <Link to="/forgotten">Forgotten password?</Link>
        </p>
      </EntryCard>
    );
  }
  if (look === undefined) {
    return (
      <EntryCard title="One moment">
        <SkeletonLines count={3} />
      </EntryCard>
    );
  }
  return <LinkForm look={look} secret={secret} />;
}

const titles = {
  registration: "Welcome",
  invitation: "You are invited",
  "password-reset": "New password",
  "email-change": "New e-mail address",
} as const;

function LinkForm({ look, secret }: { readonly look: LinkLook; readonly secret: string }) {
  const account = useAccountProvider();
  const [step, setStep] = useState<SecondStep | null>(null);
  const [isDone, setDone] = useState(false);
  const isJoining = look.kind === "registration" || look.kind === "invitation";
  const { isBusy, fault, onSubmit } = useSubmit(async (field) => {
    const password = field("password");
    if (look.kind === "email-change") await account.confirmEmail(secret);
    else if (look.kind === "password-reset") await account.completePasswordReset({ secret, password });
    else {
      const accept = look.kind === "registration" ? account.completeRegistration : account.acceptInvitation;
      try {
        sessionIn(await accept({ secret, name: field("name"), password }));
        return enterConsole();
      } catch (error) {
        if (!(error instanceof SecondStepNeeded)) throw error;
        return setStep(error.step);
      }
    }
    setDone(true);
  });
  if (step !== null) {
    return (
      <EntryCard title="Second step">
        <SecondStepForm step={step} />
      </EntryCard>
    );
  }
  if (isDone) {
    return (
      <EntryCard title="Done">
        <p role="status">
          {look.kind === "email-change"
            ? `From now on you sign in as ${look.email}.`
            : "Your password was changed, and all sessions were ended."}
        </p>
        <p className="entry-links">
          <Link to="/login">Sign in</Link>
        </p>
      </EntryCard>
    );
  }
  return (
    <EntryCard title={titles[look.kind]}>
      <form onSubmit={onSubmit}>
        <p className="hint wrap">{look.title === null ? look.email : `${look.title}, ${look.email}`}</p>
        {/* For password managers, which file a password under a name. */}
        <input type="hidden" name="username" autoComplete="username" value={look.email} />
        {isJoining ? <TextField label="Your name" name="name" autoComplete="name" autoFocus required /> : null}
        {look.kind === "email-change" ? null : (
          <TextField
            label="New password"
            name="password"
            type="password"
            autoComplete="new-password"
            helperText="At least 12 characters"
            slotProps={{ htmlInput: { minLength: 12 } }}
            required
          />
        )}
        <Fault text={fault} />
        <Button type="submit" variant="contained" fullWidth disabled={isBusy} sx={{ mt: 2, minHeight: 36 }}>
          {look.kind === "email-change" ? "Confirm this address" : "Continue"}
        </Button>
      </form>
    </EntryCard>
  );
}
