import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { StateType } from "../state/index.ts";

/**
 * A problem runs from the first HARD non-OK (or stale) state to the recovery; mails of one problem form one thread. A list of open
 * problems also shows objects that are still SOFT (`id` null): they are about to become one.
 */
export const Problem = z.object({
  id: z.number().int().nullable(),
  /** Unique in the list: `service-12` or `host-3`, and with the problem's id once closed. */
  key: z.string(),
  hostId: z.number().int(),
  hostName: z.string(),
  serviceId: z.number().int().nullable(),
  serviceName: z.string().nullable(),
  state: z.string(),
  stateType: StateType,
  attempt: z.number().int(),
  maxCheckAttempts: z.number().int(),
  output: z.string(),
  startedAtMs: z.number().int(),
  endedAtMs: z.number().int().nullable(),
  lastCheckAtMs: z.number().int().nullable(),
  isAcknowledged: z.boolean(),
  isInDowntime: z.boolean(),
  isFlapping: z.boolean(),
  isHostDown: z.boolean(),
  /** Impact used for ordering: host DOWN 5, CRITICAL 4, UNKNOWN 3, STALE 2, WARNING 1; handled ones come after unhandled. */
  impact: z.number().int(),
  notifiedContactNames: z.array(z.string()),
});
export type Problem = z.infer<typeof Problem>;

export const ProblemFilter = z.strictObject({
  ...baseFilter,
  hostId: z.number().int().optional(),
  state: z.union([z.string(), z.array(z.string())]).optional(),
  isHandled: z.boolean().optional(),
  group: z.string().optional(),
  label: z.record(z.string(), z.string()).optional(),
});
export type ProblemFilter = z.infer<typeof ProblemFilter>;
