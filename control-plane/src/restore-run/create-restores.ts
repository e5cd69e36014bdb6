import { createLiveRuns } from "../backup-run/live-progress.ts";
import type { Core, Part } from "../part.ts";
import { runEvery } from "../schedule/index.ts";
import { createStorageSigner } from "../storage-capability/index.ts";
import { createAgentRestoreRoutes } from "./agent-restore-routes.ts";
import { createRestoreRoutes } from "./restore-routes.ts";
import { endLostRestores } from "./restore-watch.ts";
import type { ShownRestore } from "./stored-restore.ts";

export interface RestoresDependencies {
  /** Commands to agents were created: have them delivered at once. */
  readonly wake: () => void;
}

/** How soon it shows that an agent refused. */
const lookEveryMs = 2_000;
const leaseMs = 15_000;

/** Wires checkouts, rollbacks and restores. One control plane at a time ends what is lost; each answers. */
export function createRestores(core: Core, { wake }: RestoresDependencies): Part {
  const { database, changes, audit, sealer, leases, logger, now } = core;
  const signer = createStorageSigner({ database, sealer, now });
  const live = createLiveRuns<ShownRestore>();
  let running: ReturnType<typeof runEvery> | undefined;
  return {
    name: "restore",
    routes: [
      ...createRestoreRoutes({ database, audit, changes, live, now, wake }),
      ...createAgentRestoreRoutes({ database, changes, sealer, signer, live, now }),
    ],
    async start() {
      const look = async () => {
        const ended = await endLostRestores(database, now());
        if (ended.length > 0) changes.publish("restore-runs", ended);
      };
      const job = async () => void (await leases.runLeased("restore", leaseMs, look));
      running = runEvery({ name: "restore", intervalMs: lookEveryMs, job, logger });
    },
    async stop() {
      await running?.stop();
    },
  };
}
