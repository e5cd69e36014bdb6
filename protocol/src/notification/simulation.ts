import { z } from "zod";
import { ChannelType } from "../contact/index.ts";
import { HostName, ServiceName } from "../name/index.ts";

export const SimulatedState = z.enum(["WARNING", "CRITICAL", "UNKNOWN", "STALE", "DOWN", "UNREACHABLE"]);
export type SimulatedState = z.infer<typeof SimulatedState>;

/** `filter` of GET /api/v1/notifications/simulate, and the body of its POST: what if this went bad at that moment, and stayed so? */
export const SimulationRequest = z.object({
  host: HostName,
  /** The host itself when null. */
  service: ServiceName.nullable().default(null),
  state: SimulatedState,
  /** Now when absent. */
  atMs: z.number().int().min(0).max(8_000_000_000_000).optional(),
  /** How long the problem lasts. */
  hours: z.number().positive().max(744).default(24),
});
export type SimulationRequest = z.infer<typeof SimulationRequest>;

/** POST: the same question, asked of the definitions as they would be with these, which are not stored. */
export const ProposedSimulationRequest = SimulationRequest.extend({
  resources: z.array(z.unknown()).max(20_000).default([]),
});
export type ProposedSimulationRequest = z.infer<typeof ProposedSimulationRequest>;

/** One message that would go out. */
export const SimulatedMessage = z.object({
  /** When it is decided on, and when it goes out: later, when it waits for a group or a digest. */
  atMs: z.number().int(),
  sentAtMs: z.number().int(),
  contactName: z.string(),
  ruleName: z.string(),
  /** Why this contact, where it is not the rule's own: `escalation 1, on call nights`. */
  via: z.string().nullable(),
  number: z.number().int(),
  form: z.enum(["single", "group", "digest"]),
  channels: z.array(z.object({ type: ChannelType, address: z.string() })),
});
export type SimulatedMessage = z.infer<typeof SimulatedMessage>;

/** From when on nobody is told, and the one reason why. */
export const SimulatedSilence = z.object({ atMs: z.number().int(), reason: z.string(), message: z.string() });
export type SimulatedSilence = z.infer<typeof SimulatedSilence>;

export const SimulationAnswer = z.object({
  host: z.string(),
  service: z.string().nullable(),
  state: SimulatedState,
  atMs: z.number().int(),
  untilMs: z.number().int(),
  messages: z.array(SimulatedMessage),
  silences: z.array(SimulatedSilence),
});
export type SimulationAnswer = z.infer<typeof SimulationAnswer>;

/** What POST answers: who would be told today, and who with the proposed definitions. */
export const ProposedSimulationAnswer = z.object({ present: SimulationAnswer, proposed: SimulationAnswer });
export type ProposedSimulationAnswer = z.infer<typeof ProposedSimulationAnswer>;

/** Hosts and services of which somebody else would be told, were they to go bad now; sentences, for people. */
export const RecipientChange = z.object({
  state: SimulatedState,
  before: z.array(z.string()),
  after: z.array(z.string()),
  /** The first of them: `web1/disk`. */
  objects: z.array(z.string()),
  objectCount: z.number().int(),
});
export type RecipientChange = z.infer<typeof RecipientChange>;
