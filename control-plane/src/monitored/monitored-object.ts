import type { CheckPolicy } from "@mycloud/checks/state";
import type { MonitoredSettings } from "@mycloud/protocol/monitored";
import type { HostSettings } from "../host/host-settings.ts";
import type { ChangedHost } from "../state-change/state-change-record.ts";

/** What ingest needs to know of a service, besides its state. */
export interface MonitoredService {
  readonly id: number;
  readonly hostId: number;
  readonly name: string;
  readonly policy: CheckPolicy;
  /** Milliseconds without a result after which it is stale; null = never. */
  readonly overdueAfterMs: number | null;
  readonly settings: MonitoredSettings;
  /** What its check runs; null for a passive service. */
  readonly command: string | null;
}

/** An enabled check that tells whether a host is UP. */
export interface HostCheck {
  readonly name: string;
  readonly command: string;
  readonly checkIntervalSeconds: number;
  readonly checkPeriod: string | null;
}

/** What ingest needs to know of a host, besides its state. */
export interface MonitoredHost extends ChangedHost {
  readonly policy: CheckPolicy;
  /** Milliseconds without keepalive or result after which it is down (agent) or stale; null = never. */
  readonly overdueAfterMs: number | null;
  readonly hasAgent: boolean;
  /** What tells whether it is UP; null where keepalives or results from outside do. */
  readonly hostCheck: HostCheck | null;
  readonly settings: HostSettings;
  readonly servicesByName: ReadonlyMap<string, MonitoredService>;
}

/** The command of checks whose state follows from other services (Shinken: bp_rule). */
export const businessRuleCommand = "bp_rule";
/** The command of checks that count log records. */
export const logCheckCommand = "log";
/** Commands of checks that the control plane computes itself: no agent runs them. */
export const computedCommands: readonly string[] = [businessRuleCommand, logCheckCommand];
