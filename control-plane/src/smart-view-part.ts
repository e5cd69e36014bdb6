import { createBackupReportRoutes } from "./backup-report/index.ts";
import type { LiveProgress } from "./backup-run/index.ts";
import { createConfigurationChangeRoutes } from "./configuration-change/index.ts";
import type { Authenticators } from "./http/authenticate.ts";
import { createMachineRoutes } from "./machine/index.ts";
import type { Core, Part } from "./part.ts";
import { createLoginThrottle } from "./session/index.ts";
import { createSmartView } from "./smart-view/index.ts";
import type { AskRepository } from "./snapshot-view/index.ts";
import { createStaffAccess } from "./staff-access/index.ts";
import { createStorageSigner } from "./storage-capability/index.ts";
import { createWebdav } from "./webdav/index.ts";

export interface SmartViewPartDependencies {
  readonly ask: AskRepository;
  readonly live: LiveProgress;
  /** Who an API token belongs to; app passwords are some. */
  readonly findToken: Authenticators["apiToken"];
}

/** What customers see of their machines and of what is backed up of them, in the console and in programs that speak WebDAV. */
export function createSmartViewPart(core: Core, { ask, live, findToken }: SmartViewPartDependencies): Part {
  const { database, now } = core;
  const signer = createStorageSigner(core);
  const staff = createStaffAccess(core);
  const view = createSmartView({ ...core, ask, signer, staff });
  const throttle = createLoginThrottle(database, now);
  return {
    name: "smart-view",
    routes: [
      ...createMachineRoutes({ database, live, now }),
      ...view.routes,
      ...createBackupReportRoutes({ database, now }),
      ...createConfigurationChangeRoutes({ database, ask, staff, now }),
    ],
    mounted: [["/dav", createWebdav({ ...view, findToken, throttle })]],
  };
}
