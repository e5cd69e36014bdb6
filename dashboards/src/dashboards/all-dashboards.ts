import type { Dashboard } from "../dashboard/index.ts";
import { backupDashboard } from "./backups.ts";
import { controlPlaneDashboard } from "./control-plane.ts";
import { fleetDashboard } from "./fleet.ts";
import { hostDashboard } from "./host.ts";
import { logDashboard } from "./logs.ts";
import { nameServerDashboard } from "./name-servers.ts";
import { notificationDashboard } from "./notifications.ts";
import { serviceDashboard } from "./service.ts";
import { snmpDashboard } from "./snmp-device.ts";
import { storageDashboard } from "./storage.ts";

/** All dashboards, in the order in which people look at them. */
export const allDashboards: readonly Dashboard[] = [
  fleetDashboard,
  hostDashboard,
  serviceDashboard,
  backupDashboard,
  storageDashboard,
  logDashboard,
  nameServerDashboard,
  notificationDashboard,
  controlPlaneDashboard,
  snmpDashboard,
];
