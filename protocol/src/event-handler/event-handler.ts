import { z } from "zod";
import { ResourceName } from "../name/index.ts";
import { ServiceSelector } from "../selector/index.ts";
import { StateType } from "../state/index.ts";

/**
 * A command that an agent runs when a state changes (Nagios: event_handler). `command` names an entry of the agent's own policy file
 * (`eventHandlers:`), which holds program and fixed arguments; `arguments` are appended, macros replaced, never through a shell. It runs on the
 * agent of the host concerned, or on `runOn`.
 */
export const EventHandlerInput = z.object({
  name: ResourceName,
  selector: ServiceSelector.default({}),
  states: z
    .array(z.enum(["OK", "WARNING", "CRITICAL", "UNKNOWN", "UP", "DOWN", "UNREACHABLE"]))
    .min(1)
    .max(7)
    .default(["CRITICAL", "DOWN"]),
  stateTypes: z.array(StateType).min(1).max(2).default(["HARD"]),
  /** Only at this attempt of a SOFT problem; at each when null. */
  attempt: z.number().int().min(1).max(100).nullable().default(null),
  command: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "command is not 1 to 64 letters, digits, _ . or -"),
  arguments: z.array(z.string().max(4096)).max(50).default([]),
  /** Name of another host whose agent runs it; the host concerned when null. */
  runOn: ResourceName.nullable().default(null),
  timeoutSeconds: z.number().int().min(1).max(600).default(30),
  isEnabled: z.boolean().default(true),
});
export type EventHandlerInput = z.infer<typeof EventHandlerInput>;
