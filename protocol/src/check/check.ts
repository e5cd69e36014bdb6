import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { FlapDetection, monitoredSettings } from "../monitored/index.ts";
import { ResourceName, ServiceName } from "../name/index.ts";
import { HostSelector } from "../selector/index.ts";

/**
 * A check: what to run, on which hosts, how often. It becomes one service on every host that its selector matches.
 * `arguments` are the plugin's own, one array element each, never a shell line; macros such as $HOSTADDRESS$ and $_HOSTROLE$
 * (label `role`) are replaced per host.
 */
export const CheckInput = z.object({
  name: ResourceName,
  /** The service's name on each host; the check's name when null. */
  serviceName: ServiceName.nullable().default(null),
  /** A built-in check, or `external` with a Nagios plugin's path as first argument. */
  command: z.string().min(1).max(64),
  arguments: z.array(z.string().max(4096)).max(100).default([]),
  selector: HostSelector.default({}),
  checkIntervalSeconds: z.number().min(5).max(604_800).default(60),
  retryIntervalSeconds: z.number().min(5).max(604_800).default(30),
  maxCheckAttempts: z.number().int().min(1).max(100).default(3),
  timeoutSeconds: z.number().min(1).max(3600).default(30),
  flapDetection: FlapDetection.default({ isEnabled: true, lowPercent: 20, highPercent: 30 }),
  isEnabled: z.boolean().default(true),
  notes: z.string().max(10_000).default(""),
  /** Whether it becomes a service of each host matched, or is what tells whether the host itself is UP. */
  target: z.enum(["service", "host"]).default("service"),
  ...monitoredSettings,
});
export type CheckInput = z.infer<typeof CheckInput>;

export const Check = CheckInput.extend({
  id: z.number().int(),
  /** How many hosts it matches now. */
  serviceCount: z.number().int(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
});
export type Check = z.infer<typeof Check>;

export const CheckFilter = z.strictObject({
  ...baseFilter,
  name: z.string().optional(),
  command: z.string().optional(),
  isEnabled: z.boolean().optional(),
});
export type CheckFilter = z.infer<typeof CheckFilter>;

/** POST /api/v1/checks/preview: which hosts a selector matches, and which services would appear or vanish. */
export const CheckPreviewRequest = z.object({ selector: HostSelector, checkId: z.number().int().optional() });
export type CheckPreviewRequest = z.infer<typeof CheckPreviewRequest>;
export const CheckPreview = z.object({
  total: z.number().int(),
  /** The first 100 by name. */
  hosts: z.array(z.object({ id: z.number().int(), name: z.string(), hasAgent: z.boolean() })),
  added: z.number().int(),
  removed: z.number().int(),
});
export type CheckPreview = z.infer<typeof CheckPreview>;

/** POST /api/v1/checks/test-run: run it once on one host without keeping the result; answers the command to follow. */
export const CheckTestRunRequest = z.object({
  hostId: z.number().int(),
  command: z.string().min(1).max(64),
  arguments: z.array(z.string().max(4096)).max(100).default([]),
  timeoutSeconds: z.number().min(1).max(60).default(30),
});
export type CheckTestRunRequest = z.infer<typeof CheckTestRunRequest>;
