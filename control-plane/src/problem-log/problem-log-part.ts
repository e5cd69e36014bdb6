import type { LogStore } from "../log-store/index.ts";
import type { Core, Part } from "../part.ts";
import { runEvery } from "../schedule/index.ts";
import { keepProblemLogs } from "./keep-problem-logs.ts";
import { createProblemLogRoutes } from "./routes.ts";

const intervalMs = 5_000;

/** Wires what is kept of logs around problems: one control plane at a time does it. */
export function createProblemLogPart(
  { database, leases, logger, now }: Pick<Core, "database" | "leases" | "logger" | "now">,
  store: LogStore,
): Part {
  let running: ReturnType<typeof runEvery> | undefined;
  return {
    name: "problem-log",
    routes: createProblemLogRoutes({ database, store, now }),
    async start() {
      const job = async (stopping: AbortSignal) => {
        await leases.runLeased("problem-log", 30_000, async (lost) => {
          await keepProblemLogs(database, store, now(), AbortSignal.any([stopping, lost]));
        });
      };
      running = runEvery({ name: "problem-log", intervalMs, job, logger });
    },
    stop: async () => await running?.stop(),
  };
}
