import { type LogJobs, LogPipelineStatus } from "@mycloud/protocol/log-source";
import { z } from "zod";

/** What the host's policy has to say of logs. */
export interface LogPolicy {
  /** Files are read below these folders only. */
  readonly roots: readonly string[];
  /** Commands by name, as words. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
}

/** What a shipper is to do. */
export interface LogTask {
  readonly hostName: string;
  readonly directory: string;
  readonly jobs: LogJobs;
  readonly policy: LogPolicy;
}

/** What an agent tells its shipper. */
export type ShipperWord =
  | { readonly kind: "task"; readonly task: LogTask }
  /** Lines that the agent wrote to its own log. */
  | { readonly kind: "diagnostics"; readonly lines: readonly string[] }
  | { readonly kind: "stop" };

/** What the shipper knows of itself. */
export const ShipperStatus = LogPipelineStatus.pick({ fault: true, sources: true, destinations: true });
export type ShipperStatus = z.infer<typeof ShipperStatus>;

/** What a shipper tells its agent. */
export const ShipperSign = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("status"), status: ShipperStatus }),
  z.object({
    kind: z.literal("log"),
    level: z.enum(["debug", "info", "warn", "error"]),
    fields: z.record(z.string(), z.unknown()),
    message: z.string(),
  }),
]);
export type ShipperSign = z.infer<typeof ShipperSign>;
