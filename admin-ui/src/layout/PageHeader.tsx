import type { ReactNode } from "react";
import { usePageTitle } from "./page-title.ts";

interface PageHeaderProps {
  readonly title: string;
  /** Shown before the title: a state chip. */
  readonly mark?: ReactNode;
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
}

/** A page's heading and what can be done with it; also names the tab. */
export function PageHeader({ title, mark, subtitle, actions }: PageHeaderProps) {
  usePageTitle(title);
  return (
    <header className="page-header">
      <div className="heading">
        <div className="row">
          {mark}
          <h1 className="wrap">{title}</h1>
        </div>
        {subtitle ? <div className="subtitle wrap">{subtitle}</div> : null}
      </div>
      {actions ? <div className="page-actions">{actions}</div> : null}
    </header>
  );
}
