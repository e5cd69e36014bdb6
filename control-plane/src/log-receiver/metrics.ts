import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { LogIdentity, LogProtocol } from "../log-sender/index.ts";

/** Why something that was sent is not stored. */
export type RefusalReason =
  | "unreadable"
  | "too-large"
  | "unknown-sender"
  | "wrong-credentials"
  | "connections"
  | "quota"
  | "queue-full"
  | "store"
  | "invalid";

export interface LogReceiverMetrics {
  received(protocol: LogProtocol, kind: LogIdentity["kind"], records: number, bytes: number): void;
  duplicate(protocol: LogProtocol): void;
  /** Messages, connections or requests: what was refused as one. */
  refused(protocol: LogProtocol, reason: RefusalReason, count?: number): void;
  appended(seconds: number): void;
  connections(protocol: LogProtocol, change: number): void;
}

export function createLogReceiverMetrics(registry: Registry): LogReceiverMetrics {
  const registers = [registry];
  const records = new Counter({
    name: "mycloud_log_receiver_records_total",
    help: "Log records that were received and stored, by protocol and by who sent them.",
    labelNames: ["protocol", "sender"],
    registers,
  });
  const bytes = new Counter({
    name: "mycloud_log_receiver_bytes_total",
    help: "Bytes of these records, as they were sent, decompressed.",
    labelNames: ["protocol", "sender"],
    registers,
  });
  const duplicates = new Counter({
    name: "mycloud_log_receiver_duplicates_total",
    help: "Chunks that came again and were acknowledged without being stored.",
    labelNames: ["protocol"],
    registers,
  });
  const refused = new Counter({
    name: "mycloud_log_receiver_refused_total",
    help: "Messages, requests and connections that were refused or lost, by reason.",
    labelNames: ["protocol", "reason"],
    registers,
  });
  const append = new Histogram({
    name: "mycloud_log_receiver_append_seconds",
    help: "How long a batch waited until it was stored.",
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers,
  });
  const connections = new Gauge({
    name: "mycloud_log_receiver_connections",
    help: "Senders that are connected.",
    labelNames: ["protocol"],
    registers,
  });
  return {
    received(protocol, sender, count, size) {
      records.inc({ protocol, sender }, count);
      bytes.inc({ protocol, sender }, size);
    },
    duplicate: (protocol) => duplicates.inc({ protocol }),
    refused: (protocol, reason, count = 1) => refused.inc({ protocol, reason }, count),
    appended: (seconds) => append.observe(seconds),
    connections: (protocol, change) => connections.inc({ protocol }, change),
  };
}
