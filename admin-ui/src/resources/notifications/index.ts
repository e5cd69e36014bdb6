// Notifications: the messages that went out, wait, or could not be delivered.
import { lazy } from "react";

export const notifications = {
  list: lazy(async () => ({ default: (await import("./NotificationList.tsx")).NotificationList })),
};
