import { LogJobs, LogPipelineStatus } from "@mycloud/protocol/log-source";
import { z } from "zod";

/** What the host's policy has to say of logs. */
export const LogPolicy = z.object({
  /** Files are read below these folders only. */
  roots: z.array(z.string()),
  /** Commands by name, as words. */
  commands: z.record(z.string(), z.array(z.string())),
});
export type LogPolicy = z.infer<typeof LogPolicy>;

/** What a shipper is to do. */
export const LogTask = z.object({ hostName: z.string(), directory: z.string(), jobs: LogJobs, policy: LogPolicy });
export type LogTask = z.infer<typeof LogTask>;

/** What an agent tells its shipper. */
export const ShipperWord = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("task"), task: LogTask }),
  /** Lines that the agent wrote to its own log. */
  z.object({ kind: z.literal("diagnostics"), lines: z.array(z.string()) }),
  z.object({ kind: z.literal("stop") }),
]);
export type ShipperWord = z.infer<typeof ShipperWord>;

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
