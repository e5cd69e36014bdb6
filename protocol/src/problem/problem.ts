import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { StateType } from "../state/index.ts";

/** The object whose problem another one follows from. */
export const RootProblem = z.object({
  key: z.string(),
  hostId: z.number().int(),
  hostName: z.string(),
  serviceId: z.number().int().nullable(),
  serviceName: z.string().nullable(),
});
export type RootProblem = z.infer<typeof RootProblem>;

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
  /** 0 to 5; of a root problem the highest of its own and of what follows from it, as in Shinken. */
  businessImpact: z.number().int(),
  /** What it follows from in the end: a host that is down, a parent, a master it depends on, the leaf of a business rule. Null for a root. */
  rootProblem: RootProblem.nullable(),
  /** How many problems follow from it. */
  impactCount: z.number().int(),
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
  /** One or several of 0 to 5, after what follows from a root raised it. */
  businessImpact: z.union([z.number().int(), z.array(z.number().int()).max(6)]).optional(),
  /** Only roots: each stands for its `impactCount`. */
  groupByRoot: z.boolean().optional(),
  /** Only what follows from the problem of this key. */
  rootKey: z.string().max(40).optional(),
});
export type ProblemFilter = z.infer<typeof ProblemFilter>;
