import { Counter, Gauge, type Registry } from "prom-client";
import type { ConnectionTally } from "./serve-connection.ts";

export interface NscaMetrics {
  results(tally: ConnectionTally): void;
  connections(change: number): void;
}

const outcomes = ["stored", "refused", "denied", "old", "unreadable"] as const;

export function createNscaMetrics(registry: Registry): NscaMetrics {
  const results = new Counter({
    name: "mycloud_nsca_results_total",
    help: "Results that came by NSCA, by what became of them.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const connections = new Gauge({
    name: "mycloud_nsca_connections",
    help: "NSCA senders that are connected.",
    registers: [registry],
  });
  return {
    results(tally) {
      for (const outcome of outcomes) results.inc({ outcome }, tally[outcome]);
    },
    connections: (change) => connections.inc(change),
  };
}
