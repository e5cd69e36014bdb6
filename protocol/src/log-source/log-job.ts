import { z } from "zod";
import { ResourceName } from "../name/index.ts";
import { LogDestinationInput, LogSourceInput } from "./log-source.ts";

/** The name of the destination that is the control plane itself. */
export const controlPlaneDestination = "control-plane";

/** Where an agent sends logs: the control plane's own receiver is the destination `control-plane`. */
export const LogJobDestination = LogDestinationInput.extend({
  /** SHA-256 of the server's public key (SPKI, base64 or base64url), which then is the only one that is believed. Only with `tls`. */
  serverKeySha256: z.string().nullable().default(null),
});
export type LogJobDestination = z.infer<typeof LogJobDestination>;

/** What of one host's logs its agent reads: in AgentConfiguration. */
export const LogJob = LogSourceInput.omit({ selector: true, isEnabled: true, isSentToControlPlane: true }).extend({
  /** Names of destinations; `control-plane` may be among them. */
  destinations: z.array(ResourceName).max(11),
});
export type LogJob = z.infer<typeof LogJob>;

/** All of it. `destinations` has every one that jobs name. */
export const LogJobs = z.object({
  jobs: z.array(LogJob),
  destinations: z.array(LogJobDestination),
  queue: z.object({
    /** For each destination. */
    maximumBytes: z.number().int().positive(),
    /** What happens when it is full: the oldest chunks go, or reading waits. */
    whenFull: z.enum(["drop-oldest", "block"]),
  }),
});
export type LogJobs = z.infer<typeof LogJobs>;
