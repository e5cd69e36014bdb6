import type { RegistrationProblem } from "@mycloud/protocol/dns-zone";
import type { ZoneDependencies } from "../dns-zone/change-zone.ts";
import type { Core, Part } from "../part.ts";
import { runEvery } from "../schedule/index.ts";
import { applyRegistration } from "./apply-registration.ts";
import { planRegistration } from "./plan-registration.ts";

const intervalMs = 500;
/** Changes gather so long: a host that starts tells several things at once. */
const settleMs = 1_000;
/** Of many changes one after the other, so often. */
const pauseMs = 3_000;
/** What nobody told of, as when another control plane stopped in the middle, is found then. */
const lookAgainMs = 60_000;

/** Keeps zones as registrations want them. One control plane of several does it. `problems`: what the last changes left out. */
export function createDnsRegistration(
  { leases, logger, sealer }: Pick<Core, "leases" | "logger" | "sealer">,
  zones: ZoneDependencies,
): Part & { problems(): readonly RegistrationProblem[] } {
  const { database, changes, now } = zones;
  let dueAtMs = 0;
  let lastAtMs = 0;
  let problems: readonly RegistrationProblem[] = [];
  const unsubscribe = changes.subscribe((type) => {
    if (type !== "definitions" && type !== "hosts" && type !== "dns-zones") return;
    dueAtMs = Math.min(dueAtMs, Math.max(now() + settleMs, lastAtMs + pauseMs));
  });
  let running: ReturnType<typeof runEvery> | undefined;

  async function apply(signal: AbortSignal): Promise<void> {
    lastAtMs = now();
    dueAtMs = lastAtMs + lookAgainMs;
    try {
      const { work, nextAtMs } = await planRegistration(database.db, sealer, now());
      if (nextAtMs !== null) dueAtMs = Math.min(dueAtMs, Math.max(nextAtMs, lastAtMs + settleMs));
      const found: RegistrationProblem[] = [];
      for (const zone of work) {
        if (signal.aborted) return;
        found.push(...(await applyRegistration(zones, zone)));
      }
      problems = found;
    } catch (error) {
      dueAtMs = now() + pauseMs;
      throw error;
    }
  }

  return {
    name: "dns-registration",
    routes: [],
    problems: () => problems,
    async start() {
      const job = async (signal: AbortSignal) => {
        if (now() >= dueAtMs) await leases.runLeased("dns-registration", 30_000, () => apply(signal));
      };
      running = runEvery({ name: "dns-registration", intervalMs, job, logger });
    },
    async stop() {
      unsubscribe();
      await running?.stop();
    },
  };
}
