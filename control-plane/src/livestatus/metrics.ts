import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { ResponseCode } from "./request/index.ts";

/** Livestatus' own figures. */
export interface LivestatusMetrics {
  request(table: string, code: ResponseCode, seconds: number): void;
  command(isDone: boolean): void;
  connections(change: 1 | -1): void;
}

export function createLivestatusMetrics(registry: Registry): LivestatusMetrics {
  const duration = new Histogram({
    name: "mycloud_livestatus_request_duration_seconds",
    help: "Time to answer a Livestatus query, waiting for triggers included, by table and code",
    labelNames: ["table", "code"],
    buckets: [0.001, 0.005, 0.02, 0.05, 0.2, 1, 5, 20],
    registers: [registry],
  });
  const commands = new Counter({
    name: "mycloud_livestatus_commands_total",
    help: "Commands that came by Livestatus, by outcome",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const open = new Gauge({
    name: "mycloud_livestatus_connections",
    help: "Open Livestatus connections",
    registers: [registry],
  });
  return {
    request: (table, code, seconds) => duration.observe({ table, code: String(code) }, seconds),
    command: (isDone) => commands.inc({ outcome: isDone ? "done" : "refused" }),
    connections: (change) => open.inc(change),
  };
}
