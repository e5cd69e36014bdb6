import type { Notification } from "@mycloud/protocol/notification";
import { useGetList } from "react-admin";
import { Link } from "react-router-dom";
import { PhaseMark } from "../resources/notifications/PhaseMark.tsx";
import { RelativeTime } from "../time/RelativeTime.tsx";
import { Panel } from "./Panel.tsx";

/** The latest messages about a host or service. */
export function NotificationsPanel({ filter }: { filter: { hostId: number } | { serviceId: number } }) {
  const { data = [] } = useGetList<Notification>("notifications", {
    pagination: { page: 1, perPage: 6 },
    sort: { field: "createdAtMs", order: "DESC" },
    filter,
  });
  if (data.length === 0) return null;
  const all = `/notifications?filter=${encodeURIComponent(JSON.stringify(filter))}`;
  return (
    <Panel title="Notifications" end={<Link to={all}>all</Link>} isFlush>
      <ul className="change-list">
        {data.map((notification) => (
          <li key={notification.id} style={{ gridTemplateColumns: "minmax(0, 1fr) max-content" }}>
            <span className="wrap">
              {notification.type.toLowerCase()} to {notification.contactName}
            </span>
            <RelativeTime atMs={notification.createdAtMs} />
            <span>
              <PhaseMark notification={notification} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
