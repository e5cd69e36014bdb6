import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { HostLogPipeline } from "../log-source/index.ts";
import { FlapDetection, monitoredSettings } from "../monitored/index.ts";
import { CustomerName, HostName, Labels } from "../name/index.ts";
import { HostState, observation, ShownHostState } from "../state/index.ts";

/** A name or an IP address, as a plugin's -H takes it. */
export const HostAddress = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[A-Za-z0-9._:%-]+$/, "address is not a host name, an IPv4 or an IPv6 address");

/** What may be written of a host. */
export const HostInput = z.object({
  name: HostName,
  displayName: z.string().max(255).nullable().default(null),
  address: HostAddress.nullable().default(null),
  labels: Labels.default({}),
  groups: z.array(z.string().min(1).max(128)).max(100).default([]),
  customer: CustomerName.nullable().default(null),
  notes: z.string().max(10_000).default(""),
  maxCheckAttempts: z.number().int().min(1).max(100).default(3),
  /** Seconds without a result or keepalive after which the host counts as down (agent) or stale (passive); null = never. */
  freshnessSeconds: z.number().int().min(10).max(31_536_000).nullable().default(null),
  ...monitoredSettings,
  /** Names of the hosts it is reached through: DOWN while all of them are not UP is UNREACHABLE (Nagios: parents). A customer sees and writes those of its own. */
  parents: z.array(HostName).max(100).default([]),
  /** Names of hosts whose agents run its checks when it has no agent itself, in order of preference. A customer sees those of its own; what it writes leaves the others. */
  probers: z.array(HostName).max(10).default([]),
  flapDetection: FlapDetection.default({ isEnabled: true, lowPercent: 20, highPercent: 30 }),
});
export type HostInput = z.infer<typeof HostInput>;

/** How a host came to be known. */
export const HostOrigin = z.enum(["operator", "enrolled", "registered"]);
export type HostOrigin = z.infer<typeof HostOrigin>;

/** Services of a host by shown state. */
export const ServiceCounts = z.object({
  total: z.number().int(),
  ok: z.number().int(),
  warning: z.number().int(),
  critical: z.number().int(),
  unknown: z.number().int(),
  stale: z.number().int(),
  pending: z.number().int(),
});
export type ServiceCounts = z.infer<typeof ServiceCounts>;

/** The agent that runs on the host, when one is enrolled. */
export const HostAgent = z.object({
  id: z.string(),
  version: z.string(),
  isRevoked: z.boolean(),
  enrolledAtMs: z.number().int(),
  lastSeenAtMs: z.number().int().nullable(),
});
export type HostAgent = z.infer<typeof HostAgent>;

/** The check that tells whether a host is UP, as it counts for the host: what operators changed for it included. */
export const HostCheck = z.object({
  id: z.number().int(),
  name: z.string(),
  command: z.string(),
  arguments: z.array(z.string()),
  checkIntervalSeconds: z.number(),
  retryIntervalSeconds: z.number(),
  timeoutSeconds: z.number(),
  /** The host's own goes before the check's. */
  checkPeriod: z.string().nullable(),
  isEnabled: z.boolean(),
});
export type HostCheck = z.infer<typeof HostCheck>;

/** Whose agent runs the checks of a host without one. */
export const HostProber = z.object({
  /** Null while nobody named could be chosen, and for a customer whose host it is not; `isLive` tells which. */
  hostName: z.string().nullable(),
  isLive: z.boolean(),
  sinceMs: z.number().int(),
});
export type HostProber = z.infer<typeof HostProber>;

export const Host = HostInput.extend({
  id: z.number().int(),
  origin: HostOrigin,
  state: ShownHostState,
  /** The state behind a STALE one; null before the first result. */
  lastState: HostState.nullable(),
  /** Of these, `maxCheckAttempts` is as it counts: changed at run time, else the host check's where there is one. */
  ...observation,
  /** Null where keepalives, or results from outside, tell whether it is UP. */
  hostCheck: HostCheck.nullable(),
  nextCheckAtMs: z.number().int().nullable(),
  executionTimeSeconds: z.number().nullable(),
  /** How late the check started, in seconds. */
  latencySeconds: z.number().nullable(),
  agent: HostAgent.nullable(),
  /** Null for a host with an agent, or that names no probers. */
  prober: HostProber.nullable(),
  serviceCounts: ServiceCounts,
  /** How its logs get on, as its agent told last; null where none are read. Only of one host, not in lists. */
  logPipeline: HostLogPipeline.nullable().optional(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type Host = z.infer<typeof Host>;

/** `filter` of GET /api/v1/hosts. */
export const HostFilter = z.strictObject({
  ...baseFilter,
  name: z.string().optional(),
  state: z.union([ShownHostState, z.array(ShownHostState)]).optional(),
  group: z.string().optional(),
  label: z.record(z.string(), z.string()).optional(),
  customer: z.string().nullable().optional(),
  hasProblem: z.boolean().optional(),
  isAcknowledged: z.boolean().optional(),
  isInDowntime: z.boolean().optional(),
  hasAgent: z.boolean().optional(),
});
export type HostFilter = z.infer<typeof HostFilter>;
