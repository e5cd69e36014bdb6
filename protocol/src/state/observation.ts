import { z } from "zod";
import { StateType } from "./state.ts";

/** What monitoring knows of a host or a service right now; the same fields on both. Instants are ms UTC, null = never. */
export const observation = {
  stateType: StateType,
  attempt: z.number().int(),
  maxCheckAttempts: z.number().int(),
  output: z.string(),
  longOutput: z.string(),
  perfdata: z.string(),
  isStale: z.boolean(),
  isFlapping: z.boolean(),
  percentStateChange: z.number(),
  lastCheckAtMs: z.number().int().nullable(),
  lastStateChangeAtMs: z.number().int().nullable(),
  lastHardStateChangeAtMs: z.number().int().nullable(),
  lastOkAtMs: z.number().int().nullable(),
  /** The open problem, or null while the object is fine. */
  problemId: z.number().int().nullable(),
  isAcknowledged: z.boolean(),
  isInDowntime: z.boolean(),
};
