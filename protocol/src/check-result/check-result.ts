import { z } from "zod";
import { baseFilter } from "../list/index.ts";

const output = z.string().max(65_536).default("");

/**
 * One passive result, as anyone may send it to POST /api/v1/check-results (a JSON array or NDJSON, up to 5,000 items a
 * request). Without `service` it is the host's own. Return codes outside 0..3 count as 3 (UNKNOWN), as in Nagios.
 */
export const PassiveCheckResult = z.object({
  host: z.string().min(1).max(255),
  service: z.string().min(1).max(255).nullish(),
  returnCode: z.number().int(),
  output,
  checkedAtMs: z.number().int().min(0).max(8_640_000_000_000_000).optional(),
  executionTimeSeconds: z.number().min(0).max(86_400).optional(),
});
export type PassiveCheckResult = z.infer<typeof PassiveCheckResult>;

export const maximumResultsPerRequest = 5_000;

/** Why one item of a batch was refused. */
export const RejectedItem = z.object({
  index: z.number().int(),
  host: z.string().optional(),
  service: z.string().optional(),
  code: z.enum([
    "MYCLOUD_INPUT",
    "MYCLOUD_UNKNOWN_HOST",
    "MYCLOUD_UNKNOWN_SERVICE",
    "MYCLOUD_NOT_ALLOWED",
    "MYCLOUD_PASSIVE_CHECKS_DISABLED",
  ]),
  message: z.string(),
});
export type RejectedItem = z.infer<typeof RejectedItem>;

/**
 * Answer once the accepted items are durable. `isDuplicate`: the batch id (header `Idempotency-Key`) was seen before, and nothing
 * was stored again. `clockSkewed` counts items whose checkedAtMs was clamped.
 */
export const IngestAnswer = z.object({
  accepted: z.number().int(),
  rejected: z.array(RejectedItem),
  clockSkewed: z.number().int(),
  isDuplicate: z.boolean(),
});
export type IngestAnswer = z.infer<typeof IngestAnswer>;

/** One result an agent measured. `serviceId` (null: the host's own check) and `hostId` (left out: the agent's host) come from its configuration. */
export const AgentCheckResult = z.object({
  serviceId: z.number().int().nullable(),
  hostId: z.number().int().optional(),
  returnCode: z.number().int(),
  output,
  checkedAtMs: z.number().int().min(0).max(8_640_000_000_000_000),
  executionTimeSeconds: z.number().min(0).max(86_400),
  latencySeconds: z.number().min(0).max(31_536_000),
  nextCheckAtMs: z.number().int().optional(),
});
export type AgentCheckResult = z.infer<typeof AgentCheckResult>;

/** A stored result, as GET /api/v1/check-results lists it. */
export const CheckResult = z.object({
  id: z.number().int(),
  hostId: z.number().int(),
  hostName: z.string(),
  serviceId: z.number().int().nullable(),
  serviceName: z.string().nullable(),
  returnCode: z.number().int(),
  state: z.string(),
  stateType: z.string(),
  attempt: z.number().int(),
  output: z.string(),
  longOutput: z.string(),
  perfdata: z.string(),
  checkedAtMs: z.number().int(),
  receivedAtMs: z.number().int(),
  executionTimeSeconds: z.number().nullable(),
  latencySeconds: z.number().nullable(),
  isClockSkewed: z.boolean(),
});
export type CheckResult = z.infer<typeof CheckResult>;

export const CheckResultFilter = z.strictObject({
  ...baseFilter,
  hostId: z.number().int().optional(),
  serviceId: z.number().int().optional(),
  hostName: z.string().optional(),
  serviceName: z.string().optional(),
  fromMs: z.number().int().optional(),
  untilMs: z.number().int().optional(),
});
export type CheckResultFilter = z.infer<typeof CheckResultFilter>;
