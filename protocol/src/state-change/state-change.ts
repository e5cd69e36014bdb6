import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { StateType } from "../state/index.ts";

/** What happened to a host's or service's state. */
export const StateChangeKind = z.enum(["state", "flapping-start", "flapping-stop", "stale-start", "stale-stop"]);
export type StateChangeKind = z.infer<typeof StateChangeKind>;

/**
 * One entry of the state history. `notification` tells what came of it: a HARD non-OK change either notified somebody, or has exactly one
 * reason why nobody was told.
 */
export const StateChange = z.object({
  id: z.number().int(),
  hostId: z.number().int(),
  hostName: z.string(),
  serviceId: z.number().int().nullable(),
  serviceName: z.string().nullable(),
  kind: StateChangeKind,
  fromState: z.string(),
  toState: z.string(),
  stateType: StateType,
  attempt: z.number().int(),
  output: z.string(),
  atMs: z.number().int(),
  problemId: z.number().int().nullable(),
  notification: z
    .object({ isNotified: z.boolean(), reason: z.string(), message: z.string(), contactNames: z.array(z.string()) })
    .nullable(),
});
export type StateChange = z.infer<typeof StateChange>;

export const StateChangeFilter = z.strictObject({
  ...baseFilter,
  hostId: z.number().int().optional(),
  serviceId: z.number().int().nullable().optional(),
  kind: z.union([StateChangeKind, z.array(StateChangeKind)]).optional(),
  stateType: StateType.optional(),
  problemId: z.number().int().optional(),
  fromMs: z.number().int().optional(),
  untilMs: z.number().int().optional(),
});
export type StateChangeFilter = z.infer<typeof StateChangeFilter>;
