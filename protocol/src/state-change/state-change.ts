import { z } from "zod";
import { AgentCommandPhase } from "../agent/index.ts";
import { baseFilter } from "../list/index.ts";
import { StateType } from "../state/index.ts";

/** What happened to a host's or service's state. */
export const StateChangeKind = z.enum(["state", "flapping-start", "flapping-stop", "stale-start", "stale-stop"]);
export type StateChangeKind = z.infer<typeof StateChangeKind>;

/** What an event handler did about a state change, or how far it got. */
export const EventHandlerRun = z.object({
  /** The command to the agent. */
  commandId: z.number().int(),
  /** Name of the definition. */
  name: z.string(),
  /** Where it runs. */
  hostName: z.string(),
  phase: AgentCommandPhase,
  /** Why it was refused, failed or expired; null when there is nothing to say. */
  message: z.string().nullable(),
  returnCode: z.number().int().nullable(),
  output: z.string().nullable(),
  finishedAtMs: z.number().int().nullable(),
});
export type EventHandlerRun = z.infer<typeof EventHandlerRun>;

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
  /** The event handlers that it set off; absent when none. Kept for 30 days. */
  eventHandlers: z.array(EventHandlerRun).optional(),
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
