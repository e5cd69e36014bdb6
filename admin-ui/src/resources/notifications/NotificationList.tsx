import type { Notification } from "@mycloud/protocol/notification";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import { StateChip } from "../../state/StateChip.tsx";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { PhaseMark } from "./PhaseMark.tsx";

function targetPath(notification: Notification): string {
  return notification.serviceId === null
    ? `/hosts/${notification.hostId}/show`
    : `/services/${notification.serviceId}/show`;
}

const columns: readonly Column<Notification>[] = [
  {
    key: "at",
    label: "When",
    sortBy: "createdAtMs",
    width: 112,
    render: (notification) => <RelativeTime atMs={notification.createdAtMs} />,
  },
  {
    key: "type",
    label: "Kind",
    width: 150,
    narrow: "hide",
    render: (notification) => <span className="quiet">{notification.type.toLowerCase()}</span>,
  },
  {
    key: "state",
    label: "State",
    width: 138,
    render: (notification) => <StateChip state={notification.state} isHandled />,
  },
  {
    key: "of",
    label: "Of",
    narrow: "full",
    render: (notification) => (
      <Link className="strong clip" to={targetPath(notification)}>
        {notification.serviceName === null
          ? notification.hostName
          : `${notification.serviceName} on ${notification.hostName}`}
      </Link>
    ),
  },
  {
    key: "to",
    label: "To",
    sortBy: "contactName",
    width: "18%",
    narrow: "full",
    render: (notification) => (
      <span className="clip" title={notification.address}>
        {notification.contactName} <span className="quiet">{notification.address}</span>
      </span>
    ),
  },
  {
    key: "phase",
    label: "Delivery",
    sortBy: "phase",
    width: "22%",
    narrow: "full",
    render: (notification) => <PhaseMark notification={notification} />,
  },
];

export function NotificationList() {
  return (
    <ListPage<Notification>
      title="Notifications"
      columns={columns}
      sort={{ field: "createdAtMs", order: "DESC" }}
      views={[
        { name: "All", filter: {} },
        { name: "Not delivered", filter: { phase: "dead" } },
        { name: "Waiting", filter: { phase: "queued" } },
        { name: "Sent", filter: { phase: "sent" } },
      ]}
      filters={<TextFilter source="q" label="Words" />}
      rowPath={targetPath}
      empty={
        <Message title="Nobody was told of anything yet">
          <p>
            Messages appear here as soon as a <Link to="/notification-rules">rule</Link> matches a problem.{" "}
            <Link to="/contacts">A contact's test</Link> shows whether mail works.
          </p>
        </Message>
      }
    />
  );
}
