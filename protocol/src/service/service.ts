import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { FlapDetection, MonitoredSettings } from "../monitored/index.ts";
import { ServiceName } from "../name/index.ts";
import { RootProblem } from "../problem/index.ts";
import { observation, ServiceState, ShownHostState, ShownServiceState } from "../state/index.ts";
import { TimelineEntry } from "../timeline/index.ts";

/** A service: one thing watched on one host; from a check definition, or passive (fed from outside). */
export const Service = z.object({
  id: z.number().int(),
  hostId: z.number().int(),
  hostName: z.string(),
  hostState: ShownHostState,
  name: ServiceName,
  checkId: z.number().int().nullable(),
  checkName: z.string().nullable(),
  isPassive: z.boolean(),
  command: z.string().nullable(),
  arguments: z.array(z.string()),
  /** This, the retry interval and the attempts as they count: what operators changed at run time included. */
  checkIntervalSeconds: z.number().nullable(),
  retryIntervalSeconds: z.number().nullable(),
  timeoutSeconds: z.number().nullable(),
  /** Seconds without a result after which it becomes STALE; null = never. */
  freshnessSeconds: z.number().nullable(),
  notes: z.string(),
  ...MonitoredSettings.shape,
  flapDetection: FlapDetection,
  state: ShownServiceState,
  /** The state behind a STALE one; null before the first result. */
  lastState: ServiceState.nullable(),
  ...observation,
  nextCheckAtMs: z.number().int().nullable(),
  executionTimeSeconds: z.number().nullable(),
  /** How late the check started, in seconds. */
  latencySeconds: z.number().nullable(),
  /** The host whose agent runs the check, where the service's own host has none; null for a customer whose host it is not. */
  proberName: z.string().nullable(),
  /** Set when the last result's own clock was outside what is believed, and was clamped. */
  isClockSkewed: z.boolean(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type Service = z.infer<typeof Service>;

/** How a passive service is watched; another one is as its check says. */
export const PassiveServiceSettings = MonitoredSettings.extend({
  flapDetection: FlapDetection.default({ isEnabled: true, lowPercent: 20, highPercent: 30 }),
});
export type PassiveServiceSettings = z.infer<typeof PassiveServiceSettings>;

/** What may be written of a passive service. */
export const PassiveServiceInput = z.object({
  hostId: z.number().int(),
  name: ServiceName,
  maxCheckAttempts: z.number().int().min(1).max(100).default(1),
  freshnessSeconds: z.number().int().min(10).max(31_536_000).nullable().default(null),
  notes: z.string().max(10_000).default(""),
  ...PassiveServiceSettings.shape,
});
export type PassiveServiceInput = z.infer<typeof PassiveServiceInput>;

/** `filter` of GET /api/v1/services. `hasProblem` = non-OK or stale; `isHandled` = acknowledged, in downtime or host down. */
export const ServiceFilter = z.strictObject({
  ...baseFilter,
  name: z.string().optional(),
  hostId: z.union([z.number().int(), z.array(z.number().int())]).optional(),
  hostName: z.string().optional(),
  state: z.union([ShownServiceState, z.array(ShownServiceState)]).optional(),
  stateType: z.enum(["SOFT", "HARD"]).optional(),
  checkId: z.number().int().optional(),
  group: z.string().optional(),
  label: z.record(z.string(), z.string()).optional(),
  customer: z.string().nullable().optional(),
  isPassive: z.boolean().optional(),
  isStale: z.boolean().optional(),
  isFlapping: z.boolean().optional(),
  hasProblem: z.boolean().optional(),
  isHandled: z.boolean().optional(),
  isAcknowledged: z.boolean().optional(),
  isInDowntime: z.boolean().optional(),
});
export type ServiceFilter = z.infer<typeof ServiceFilter>;

/** The "why" panel: everything that explains a service's or host's present state. */
export const Explanation = z.object({
  command: z.string().nullable(),
  arguments: z.array(z.string()),
  /** For a host without an agent: whose agent runs its checks, or that none does, in words; null otherwise. */
  prober: z.string().nullable().optional(),
  /** Command and arguments as the agent gets them, macros replaced, quoted as a shell would need them; null for what is passive. */
  commandLine: z.string().nullable(),
  /** The perfdata items whose thresholds are crossed, in words: `load1 is 9.2, above the critical 8`. */
  thresholds: z.array(z.string()),
  attempts: z.string(),
  lastOk: z.object({ atMs: z.number().int(), output: z.string() }).nullable(),
  nextCheckAtMs: z.number().int().nullable(),
  /** Who was told of the open problem, newest first. */
  notified: z.array(z.object({ contactName: z.string(), atMs: z.number().int(), phase: z.string() })),
  /** Why nobody was told, when nobody was; null otherwise. Exactly one reason. */
  notNotified: z.object({ reason: z.string(), message: z.string() }).nullable(),
  problem: z.object({ id: z.number().int(), startedAtMs: z.number().int() }).nullable(),
  /** What the problem follows from in the end; null for a root, and for what is fine. */
  rootProblem: RootProblem.nullable(),
  /**
   * What changed since the last OK, oldest first, at most 50: states of the host, its parents and its other services, downtimes, definitions with their
   * authors, agents. Empty for what is fine.
   */
  changes: z.array(TimelineEntry),
});
export type Explanation = z.infer<typeof Explanation>;
