// Notification rules: which contacts are told, of what, in which states.
import type { NotificationRule } from "@mycloud/protocol/notification";
import { lazy } from "react";

export const notificationRules = {
  list: lazy(async () => ({ default: (await import("./NotificationRuleList.tsx")).NotificationRuleList })),
  edit: lazy(async () => ({ default: (await import("./NotificationRuleEdit.tsx")).NotificationRuleEdit })),
  create: lazy(async () => ({ default: (await import("./NotificationRuleEdit.tsx")).NotificationRuleCreate })),
  recordRepresentation: (rule: NotificationRule) => rule.name,
};
