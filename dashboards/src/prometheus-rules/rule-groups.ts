import { backupGroup } from "./groups/backups.ts";
import { controlPlaneGroup } from "./groups/control-plane.ts";
import { hostGroup } from "./groups/hosts.ts";
import { logGroup } from "./groups/logs.ts";
import { metricGroup } from "./groups/metrics.ts";
import { nameServerGroup } from "./groups/name-servers.ts";
import { notificationGroup } from "./groups/notifications.ts";
import { serviceGroup } from "./groups/services.ts";
import { storageGroup } from "./groups/storage.ts";
import type { RuleGroup } from "./rule.ts";

/** All groups. */
export const ruleGroups: readonly RuleGroup[] = [
  hostGroup,
  serviceGroup,
  backupGroup,
  storageGroup,
  logGroup,
  metricGroup,
  nameServerGroup,
  notificationGroup,
  controlPlaneGroup,
];
