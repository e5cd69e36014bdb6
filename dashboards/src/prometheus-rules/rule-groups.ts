import { backupGroup } from "./groups/backups.ts";
import { controlPlaneGroup } from "./groups/control-plane.ts";
import { hostGroup } from "./groups/hosts.ts";
import { logGroup } from "./groups/logs.ts";
import { metricGroup } from "./groups/metrics.ts";
import { notificationGroup } from "./groups/notifications.ts";
import { serviceGroup } from "./groups/services.ts";
import { storageGroup } from "./groups/storage.ts";
import type { RuleGroup } from "./rule.ts";

/** All groups. There is none for the name service: it exposes no metrics yet. */
export const ruleGroups: readonly RuleGroup[] = [
  hostGroup,
  serviceGroup,
  backupGroup,
  storageGroup,
  logGroup,
  metricGroup,
  notificationGroup,
  controlPlaneGroup,
];
