import Button from "@mui/material/Button";
import CssBaseline from "@mui/material/CssBaseline";
import TextField from "@mui/material/TextField";
import { type FormEvent, useState } from "react";
import { useLogin } from "react-admin";
import { Logo } from "../layout/Logo.tsx";
import { usePageTitle } from "../layout/page-title.ts";

/** The way in. */
export function Login() {
  usePageTitle("Sign in");
  const login = useLogin();
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    setFault(null);
    try {
      await login({ email: String(fields.get("email")), password: String(fields.get("password")) });
    } catch (error) {
      setFault(error instanceof Error ? error.message : "Signing in failed");
      setBusy(false);
    }
  }

  return (
    <main className="login">
      <CssBaseline />
      <form className="panel login-card" onSubmit={onSubmit}>
        <div className="brand">
          <Logo />
          MyCloud
        </div>
        <h1 className="visually-hidden">Sign in</h1>
        <TextField label="E-mail" name="email" type="email" autoComplete="username" autoFocus required />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
        {fault ? (
          <p role="alert" className="fault">
            {fault}
          </p>
        ) : null}
        <Button type="submit" variant="contained" fullWidth disabled={isBusy} sx={{ mt: 2, minHeight: 36 }}>
          {isBusy ? "Signing in…" : "Sign in"}
        </Button>
      </form>
    </main>
  );
}
