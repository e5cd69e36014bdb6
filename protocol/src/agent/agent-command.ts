import { z } from "zod";

/** What the server may ask of an agent; anything else is refused. The agent's own policy file narrows it further. */
export const AgentCommandRequest = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("check-now"),
    serviceIds: z.array(z.number().int()).max(1000),
    /** Hosts whose host checks are asked for. */
    hostIds: z.array(z.number().int()).max(1000).optional(),
  }),
  z.object({
    kind: z.literal("test-run"),
    command: z.string(),
    arguments: z.array(z.string()),
    timeoutSeconds: z.number(),
    /** The host that it is tried for, where that is not the agent's own. */
    hostId: z.number().int().optional(),
  }),
  /** Run what the agent's policy file calls `command`, because a state changed. */
  z.object({
    kind: z.literal("event-handler"),
    /** Name of the definition that asks for it. */
    eventHandler: z.string(),
    command: z.string(),
    /** Appended to those of the policy file; macros are replaced already. */
    arguments: z.array(z.string()),
    /** Nagios' macros by their names, which the program gets as NAGIOS_<name>. */
    macros: z.record(z.string(), z.string()),
    timeoutSeconds: z.number(),
  }),
  /** Look at what there is to watch on this host, and report it. */
  z.object({
    kind: z.literal("discover"),
    /** The devices to look at instead, which the agent probes. */
    hostIds: z.array(z.number().int()).max(1000).optional(),
  }),
  /** Begin a run of a backup job, unless one is under way. */
  z.object({ kind: z.literal("backup-now"), repositoryId: z.number().int() }),
  /** Stop the job's run where it is, and begin none, until it is resumed. */
  z.object({ kind: z.literal("backup-pause"), repositoryId: z.number().int() }),
  z.object({ kind: z.literal("backup-resume"), repositoryId: z.number().int() }),
  /** End this run. */
  z.object({ kind: z.literal("backup-cancel"), runId: z.string() }),
  /** Begin a checkout, rollback or restore; what is asked for comes with its credentials. */
  z.object({ kind: z.literal("restore"), runId: z.uuid(), repositoryId: z.number().int() }),
  z.object({ kind: z.literal("restore-cancel"), runId: z.uuid() }),
]);
export type AgentCommandRequest = z.infer<typeof AgentCommandRequest>;

export const AgentCommandPhase = z.enum(["queued", "delivered", "done", "failed", "refused", "expired"]);
export type AgentCommandPhase = z.infer<typeof AgentCommandPhase>;

/** What a test run printed. */
export const TestRunResult = z.object({
  returnCode: z.number().int(),
  output: z.string(),
  longOutput: z.string(),
  perfdata: z.string(),
  executionTimeSeconds: z.number(),
});
export type TestRunResult = z.infer<typeof TestRunResult>;

/** A command and how far it got. GET /api/v1/agent-commands/:id. */
export const AgentCommand = z.object({
  id: z.number().int(),
  hostId: z.number().int(),
  hostName: z.string(),
  request: AgentCommandRequest,
  phase: AgentCommandPhase,
  message: z.string().nullable(),
  result: TestRunResult.nullable(),
  createdByName: z.string(),
  createdAtMs: z.number().int(),
  expiresAtMs: z.number().int(),
  finishedAtMs: z.number().int().nullable(),
});
export type AgentCommand = z.infer<typeof AgentCommand>;

/** Events of GET /api/v1/agent/stream (SSE): `command` with this body, `configuration-changed` with `{etag}`, and comments as heartbeat. */
export const AgentCommandDelivery = z.object({ id: z.number().int(), request: AgentCommandRequest });
export type AgentCommandDelivery = z.infer<typeof AgentCommandDelivery>;
export const ConfigurationChanged = z.object({ etag: z.string() });
export type ConfigurationChanged = z.infer<typeof ConfigurationChanged>;

/** POST /api/v1/agent/commands/:id/acknowledgement. Sending it twice changes nothing. */
export const AgentCommandOutcome = z.object({
  phase: z.enum(["done", "failed", "refused"]),
  message: z.string().max(10_000).nullable().default(null),
  result: TestRunResult.nullable().default(null),
});
export type AgentCommandOutcome = z.infer<typeof AgentCommandOutcome>;

/** POST /api/v1/check-now: run these services' checks, and all checks of these hosts, at once. Answers a BulkAnswer. */
export const CheckNowRequest = z
  .object({
    serviceIds: z.array(z.number().int()).max(1000).default([]),
    hostIds: z.array(z.number().int()).max(1000).default([]),
  })
  .refine((request) => request.serviceIds.length + request.hostIds.length > 0, {
    path: ["serviceIds"],
    message: "no host and no service given",
  });
export type CheckNowRequest = z.infer<typeof CheckNowRequest>;
