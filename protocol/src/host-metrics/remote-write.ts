import { z } from "zod";
import { ResourceName } from "../name/index.ts";

const LabelName = z
  .string()
  .max(100)
  .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, "is no label name: letters, digits and underscores, not a digit first")
  .refine((name) => !name.startsWith("__"), "begins with two underscores, which Prometheus keeps for itself");

/**
 * A store that gets samples as they come, by Prometheus' remote write 1.0 (VictoriaMetrics, Mimir, Prometheus itself), with a queue that survives restarts.
 * `pushed`: what agents push; `perfdata`: the perfdata of every result, at the result's own time, which is what charts can be read from.
 */
export const RemoteWriteInput = z.object({
  name: ResourceName,
  isEnabled: z.boolean().default(true),
  url: z
    .url({ protocol: /^https?$/, error: "is no http:// or https:// address" })
    .refine((url) => URL.parse(url)?.username === "" && URL.parse(url)?.password === "", {
      message: "has a user or password in it, which everybody would read; write username and password",
    }),
  /** Basic authentication; a `token` goes before it. */
  username: z.string().max(255).nullable().default(null),
  password: z.string().max(1024).nullable().default(null),
  token: z.string().max(4096).nullable().default(null),
  /** Certificates (PEM) to trust instead of the machine's own. */
  ca: z.string().max(65_536).nullable().default(null),
  /** Labels that every series gets which has none of that name. */
  externalLabels: z.record(LabelName, z.string().min(1).max(1024)).default({}),
  what: z.enum(["pushed", "perfdata", "both"]).default("both"),
});
export type RemoteWriteInput = z.infer<typeof RemoteWriteInput>;

/** How one fares: GET /api/v1/remote-write-queues. Figures count since this control plane started. */
export const RemoteWriteQueue = z.object({
  remoteWriteId: z.number().int(),
  waitingBytes: z.number().int(),
  sentSamples: z.number().int(),
  refusedSamples: z.number().int(),
  droppedBytes: z.number().int(),
  lastSentAtMs: z.number().int().nullable(),
  lastError: z.string().nullable(),
});
export type RemoteWriteQueue = z.infer<typeof RemoteWriteQueue>;
