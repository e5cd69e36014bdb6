import CssBaseline from "@mui/material/CssBaseline";
import type { ReactNode } from "react";
import { Logo } from "../layout/Logo.tsx";
import { usePageTitle } from "../layout/page-title.ts";

/** A page for people who are not signed in: the name of the product, a heading, a few fields. */
export function EntryCard({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  usePageTitle(title);
  return (
    <main className="login">
      <CssBaseline />
      <div className="panel login-card">
        <div className="brand">
          <Logo />
          MyCloud
        </div>
        <h1 className="entry-title">{title}</h1>
        {children}
      </div>
    </main>
  );
}

/** What went wrong, said to screen readers at once. */
export function Fault({ text }: { readonly text: string | null }) {
  if (text === null) return null;
  return (
    <p role="alert" className="fault">
      {text}
    </p>
  );
}
