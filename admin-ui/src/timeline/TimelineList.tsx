import type { TimelineEntry } from "@mycloud/protocol/timeline";
import { Link } from "react-router-dom";
import { StateIcon } from "../state/StateIcon.tsx";
import { formatAbsolute } from "../time/duration.ts";
import { RelativeTime } from "../time/RelativeTime.tsx";

/** What happened, an entry a line; names of hosts and services lead to their pages. */
export function TimelineList({ entries, hasNames }: { entries: readonly TimelineEntry[]; hasNames: boolean }) {
  return (
    <ol className="change-list">
      {entries.map((entry) => (
        <li key={entry.key} title={formatAbsolute(entry.atMs)}>
          {entry.state === null ? <span className="event-dot" /> : <StateIcon state={entry.state} />}
          <span className="transition">
            {hasNames ? <SubjectLink entry={entry} /> : null} {entry.title}
            {entry.stateType === "SOFT" ? <span className="quiet"> soft</span> : null}
          </span>
          <RelativeTime atMs={entry.atMs} />
          <span className="detail">
            <span className="clip" title={entry.detail}>
              {entry.author === null ? null : <b>{entry.author} </b>}
              {entry.detail}
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}

function SubjectLink({ entry }: { entry: TimelineEntry }) {
  if (entry.hostId === null) return null;
  if (entry.serviceId === null) return <Link to={`/hosts/${entry.hostId}/show`}>{entry.hostName}</Link>;
  return (
    <Link to={`/services/${entry.serviceId}/show`}>
      {entry.serviceName} on {entry.hostName}
    </Link>
  );
}
