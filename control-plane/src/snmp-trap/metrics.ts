import { Counter, Gauge, type Registry } from "prom-client";
import type { Distrust } from "../snmp-message/index.ts";

/** Why a datagram was not taken. */
export type TrapRefusal =
  | Distrust
  | "unknown-community"
  | "other-host"
  | "unreadable"
  | "no-notification"
  | "replayed"
  | "rate"
  | "queue-full"
  | "store";

export interface SnmpTrapMetrics {
  received(version: string, kind: "trap" | "inform", isMapped: boolean): void;
  duplicate(version: string): void;
  refused(version: string, reason: TrapRefusal, count?: number): void;
  result(isStored: boolean): void;
  queued(datagrams: number): void;
}

export function createSnmpTrapMetrics(registry: Registry): SnmpTrapMetrics {
  const registers = [registry];
  const received = new Counter({
    name: "mycloud_snmp_traps_received_total",
    help: "SNMP notifications that were stored, by version and kind (trap, inform).",
    labelNames: ["version", "kind"],
    registers,
  });
  const mapped = new Counter({
    name: "mycloud_snmp_traps_mapped_total",
    help: "Those that a trap rule made a result of.",
    labelNames: ["version"],
    registers,
  });
  const unmapped = new Counter({
    name: "mycloud_snmp_traps_unmapped_total",
    help: "Those that no trap rule knows; they are log records all the same.",
    labelNames: ["version"],
    registers,
  });
  const duplicates = new Counter({
    name: "mycloud_snmp_informs_duplicate_total",
    help: "Informs that came again and were answered again.",
    labelNames: ["version"],
    registers,
  });
  const refused = new Counter({
    name: "mycloud_snmp_traps_refused_total",
    help: "Datagrams that were not taken, by version and reason.",
    labelNames: ["version", "reason"],
    registers,
  });
  const results = new Counter({
    name: "mycloud_snmp_trap_results_total",
    help: "Results that traps were mapped to, by what became of them.",
    labelNames: ["outcome"],
    registers,
  });
  const waiting = new Gauge({
    name: "mycloud_snmp_traps_waiting",
    help: "Datagrams that wait to be worked on.",
    registers,
  });
  return {
    received(version, kind, isMapped) {
      received.inc({ version, kind });
      (isMapped ? mapped : unmapped).inc({ version });
    },
    duplicate: (version) => duplicates.inc({ version }),
    refused: (version, reason, count = 1) => refused.inc({ version, reason }, count),
    result: (isStored) => results.inc({ outcome: isStored ? "stored" : "refused" }),
    queued: (datagrams) => waiting.set(datagrams),
  };
}
