import { Gauge, type Registry } from "prom-client";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { findFigures } from "./queue-store.ts";

/** Figures from the database, so that every control plane tells the same. */
export function createForwardMetrics(registry: Registry, database: ConnectedDatabase): void {
  new Gauge({
    name: "mycloud_forward_results",
    help: "Results to be passed on, of all forwards together: those that wait, and what became of the others since the forwards were made.",
    labelNames: ["phase"],
    registers: [registry],
    async collect() {
      const figures = await findFigures(database);
      for (const phase of ["waiting", "sent", "refused", "dropped"] as const) {
        const total = figures.reduce((sum, one) => sum + one[phase], 0);
        this.set({ phase }, total);
      }
    },
  });
}
