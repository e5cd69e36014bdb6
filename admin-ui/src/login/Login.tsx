import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import type { SecondStep } from "@mycloud/protocol/session";
import { useEffect, useState } from "react";
import { useLogin } from "react-admin";
import { Link } from "react-router-dom";
import { useAccountProvider } from "../providers/account-provider.ts";
import { EntryCard, Fault } from "./EntryCard.tsx";
import { SecondStepForm } from "./SecondStepForm.tsx";
import { SecondStepNeeded } from "./second-step-needed.ts";
import { useSubmit } from "./useSubmit.ts";

/** The way in. */
export function Login() {
  const login = useLogin();
  const account = useAccountProvider();
  const [step, setStep] = useState<SecondStep | null>(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    // Without an answer the page has one link less.
    account.signInOptions().then(
      ({ registration }) => setOpen(registration === "open"),
      () => undefined,
    );
  }, [account]);
  const { isBusy, fault, onSubmit } = useSubmit(async (field) => {
    try {
      await login({ email: field("email"), password: field("password") });
    } catch (error) {
      if (!(error instanceof SecondStepNeeded)) throw error;
      setStep(error.step);
    }
  });
  if (step !== null) {
    return (
      <EntryCard title="Second step">
        <SecondStepForm step={step} />
      </EntryCard>
    );
  }
  return (
    <EntryCard title="Sign in">
      <form onSubmit={onSubmit}>
        <TextField label="E-mail" name="email" type="email" autoComplete="username" autoFocus required />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
        <Fault text={fault} />
        <Button type="submit" variant="contained" fullWidth disabled={isBusy} sx={{ mt: 2, minHeight: 36 }}>
          {isBusy ? "Signing in…" : "Sign in"}
        </Button>
        <p className="entry-links">
          <Link to="/forgotten">Forgotten password?</Link>
          {isOpen ? <Link to="/register">Register</Link> : null}
        </p>
      </form>
    </EntryCard>
  );
}
