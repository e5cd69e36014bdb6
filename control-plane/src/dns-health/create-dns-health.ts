import type { ChangeBus } from "../change/index.ts";
import type { Core, Part } from "../part.ts";
import { runEvery } from "../schedule/index.ts";
import { followServices } from "./follow-services.ts";

/** A change of state is published within this time and a moment. */
const intervalMs = 500;
/** States that nobody told of, as when another control plane stopped in the middle, are found then. */
const lookAgainMs = 60_000;

/** Publishes zones anew when services that their records name leave HARD OK or come back. One control plane of several does it. */
export function createDnsHealth({
  database,
  changes,
  leases,
  logger,
  now,
}: Pick<Core, "database" | "leases" | "logger" | "now"> & { readonly changes: ChangeBus }): Part {
  let dueAtMs = 0;
  const unsubscribe = changes.subscribe((type) => {
    if (type === "services" || type === "definitions" || type === "dns-zones") dueAtMs = 0;
  });
  let running: ReturnType<typeof runEvery> | undefined;

  async function follow(): Promise<void> {
    dueAtMs = now() + lookAgainMs;
    try {
      const { zoneIds, nextAtMs } = await followServices(database, now());
      if (nextAtMs !== null) dueAtMs = Math.min(dueAtMs, nextAtMs);
      if (zoneIds.length > 0) changes.publish("dns-zones", zoneIds);
    } catch (error) {
      dueAtMs = 0;
      throw error;
    }
  }

  return {
    name: "dns-health",
    routes: [],
    async start() {
      const job = async () => {
        if (now() >= dueAtMs) await leases.runLeased("dns-health", 15_000, follow);
      };
      running = runEvery({ name: "dns-health", intervalMs, job, logger });
    },
    async stop() {
      unsubscribe();
      await running?.stop();
    },
  };
}
