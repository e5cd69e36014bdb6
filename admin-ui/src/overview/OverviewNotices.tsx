import type { Overview } from "@mycloud/protocol/overview";
import { Link } from "react-router-dom";

/** What keeps people from being told. */
export function OverviewNotices({ overview }: { overview: Overview }) {
  const { dead, isMailConfigured } = overview.notifications;
  if (isMailConfigured && dead === 0) return null;
  return (
    <div className="stack" style={{ marginBottom: 12 }}>
      {isMailConfigured ? null : (
        <div className="notice" role="status">
          <b>Nobody is told by mail:</b> no mail server is configured. Problems show here only.
        </div>
      )}
      {dead > 0 ? (
        <div className="notice bad" role="status">
          <b>
            {dead} {dead === 1 ? "message" : "messages"} could not be delivered.
          </b>{" "}
          <Link to={`/notifications?filter=${encodeURIComponent(JSON.stringify({ phase: "dead" }))}`}>
            See which, and why
          </Link>
        </div>
      ) : null}
    </div>
  );
}
