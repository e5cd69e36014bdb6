import type { ResultForwarder } from "../check-result/index.ts";
import { EnabledDefinitions } from "../definition/index.ts";
import { createAddressGuard } from "../outgoing-request/index.ts";
import type { Core, Part } from "../part.ts";
import { runEvery } from "../schedule/index.ts";
import { drainForward, type ForwardMemory, newForwardMemory, type Send } from "./drain-forward.ts";
import { createForwardMetrics } from "./metrics.ts";
import { createResultForwarder } from "./result-queue.ts";
import { createForwardRoutes } from "./routes.ts";
import { sendTo } from "./target/send-to.ts";

/** Long against the difference of clocks, short for whoever waits after a crash. */
const leaseMs = 15_000;

/** Wires forwards: what ingest hands results to, and the job that sends them. */
export function createForwards(core: Core): { readonly forwarder: ResultForwarder; readonly part: Part } {
  const { database, changes, leases, registry, sealer, logger, now, random, configuration } = core;
  const guard = createAddressGuard(configuration.outgoingNetworks);
  const send: Send = (target, results, signal) => sendTo(guard, target, results, signal);
  const cache = new EnabledDefinitions("Forward", sealer);
  changes.subscribe((type) => {
    if (type === "definitions") cache.forget();
  });
  createForwardMetrics(registry, database);
  const memories = new Map<number, ForwardMemory>();
  const running = new Map<number, Promise<void>>();
  const stopping = new AbortController();
  let job: ReturnType<typeof runEvery> | undefined;

  /** Starts a run for every forward that has none: one that is slow keeps no other one waiting. */
  async function start(): Promise<void> {
    const forwards = await cache.read(database.db);
    const ids = new Set(forwards.map(({ id }) => id));
    for (const id of memories.keys()) if (!ids.has(id)) memories.delete(id);
    for (const forward of forwards) {
      if (running.has(forward.id)) continue;
      const memory = memories.get(forward.id) ?? newForwardMemory();
      memories.set(forward.id, memory);
      const drain = (lost: AbortSignal) =>
        drainForward(
          forward,
          memory,
          { database, send, logger, now, random },
          AbortSignal.any([lost, stopping.signal]),
        );
      const run = leases
        .runLeased(`forward:${forward.id}`, leaseMs, drain)
        .then(() => undefined)
        .catch((err: unknown) => logger.error({ err, forward: forward.name }, "forward failed"))
        .finally(() => running.delete(forward.id));
      running.set(forward.id, run);
    }
  }

  return {
    forwarder: createResultForwarder(cache, database.dialect),
    part: {
      name: "forward",
      routes: createForwardRoutes({ database }),
      async start() {
        job = runEvery({ name: "forward", intervalMs: 1_000, job: start, logger });
      },
      async stop() {
        stopping.abort();
        await job?.stop();
        await Promise.all(running.values());
      },
    },
  };
}
