import Button from "@mui/material/Button";
import type { ReactNode } from "react";

/** What a page or panel says instead of content: nothing here yet, or what to do. */
export function Message({ title, children, icon }: { title: string; children?: ReactNode; icon?: ReactNode }) {
  return (
    <div className="message">
      {icon}
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** What a page or panel says when its data did not come. */
export function ErrorMessage({ error, onRetry }: { error: unknown; onRetry?: (() => unknown) | undefined }) {
  const text = error instanceof Error ? error.message : String(error);
  return (
    <div className="message" role="alert">
      <h2>This could not be loaded</h2>
      <p className="wrap">{text}</p>
      {onRetry ? (
        <Button variant="outlined" onClick={() => onRetry()}>
          Try again
        </Button>
      ) : null}
    </div>
  );
}

/** Grey lines where text will be. */
export function SkeletonLines({ count = 4 }: { count?: number }) {
  const widths = ["72%", "54%", "83%", "40%", "66%"];
  return (
    <div className="stack" role="status" aria-label="Loading">
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a placeholder have nothing else
        <span key={index} className="skeleton" style={{ width: widths[index % widths.length] }} />
      ))}
    </div>
  );
}
