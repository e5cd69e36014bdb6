import { formatAbsolute, formatDuration, formatRelative } from "./duration.ts";
import { useNow } from "./NowContext.tsx";

/** `3m ago`, with the exact instant as its title. */
export function RelativeTime({ atMs, never = "never" }: { atMs: number | null; never?: string }) {
  const nowMs = useNow();
  if (atMs === null) return <span className="quiet">{never}</span>;
  // What happened since the page's clock last moved lies behind us, not ahead.
  const seenMs = Math.max(nowMs, Math.min(atMs, Date.now()));
  return (
    <time dateTime={new Date(atMs).toISOString()} title={formatAbsolute(atMs)}>
      {formatRelative(atMs, seenMs)}
    </time>
  );
}

/** How long something has lasted: `2h 5m`, with its start as the title. */
export function Since({ atMs }: { atMs: number | null }) {
  const nowMs = useNow();
  if (atMs === null) return <span className="quiet">—</span>;
  return (
    <time dateTime={new Date(atMs).toISOString()} title={`since ${formatAbsolute(atMs)}`}>
      {formatDuration((nowMs - atMs) / 1000)}
    </time>
  );
}
