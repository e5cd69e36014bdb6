import { z } from "zod";
import { CheckInput } from "../check/index.ts";
import { Labels, ServiceName } from "../name/index.ts";

/** What kinds of things an agent looks for. */
export const DiscoveredKind = z.enum([
  "filesystem",
  "interface",
  "unit",
  "port",
  "database",
  "certificate",
  "snmp-device",
  "snmp-interface",
  "snmp-storage",
  "snmp-processor",
  "snmp-ups",
  "snmp-printer",
]);
export type DiscoveredKind = z.infer<typeof DiscoveredKind>;

/** The service that would watch a thing. */
export const ProposedCheck = z.object({
  serviceName: ServiceName,
  command: CheckInput.shape.command,
  arguments: CheckInput.shape.arguments,
  checkIntervalSeconds: CheckInput.shape.checkIntervalSeconds,
});
export type ProposedCheck = z.infer<typeof ProposedCheck>;

/** A thing on a host that could be watched. `key` tells it from others of its kind there: `/var`, `eth0`, `nginx.service`, `443`. */
export const DiscoveredThing = z.object({
  kind: DiscoveredKind,
  key: z.string().min(1).max(255),
  /** What it is, in words. */
  title: z.string().min(1).max(255),
  check: ProposedCheck,
});
export type DiscoveredThing = z.infer<typeof DiscoveredThing>;

/** All that was found on a host. Of a kind in `failed` nothing is known, so nothing of it counts as vanished. */
const HostDiscovery = z.object({
  found: z.array(DiscoveredThing).max(2_000),
  failed: z
    .array(z.object({ kind: DiscoveredKind, message: z.string().max(1_000) }))
    .max(DiscoveredKind.options.length),
});

/** All that a prober found on a device, and what the device says of itself. */
export const ProbedDiscovery = HostDiscovery.extend({ hostId: z.number().int(), facts: Labels.default({}) });
export type ProbedDiscovery = z.infer<typeof ProbedDiscovery>;

/** POST /api/v1/agent/discovery: all that an agent found on its own host, and on those that it probes. */
export const DiscoveryReport = HostDiscovery.extend({
  /** Nothing is said of its own host. */
  isOwnHostLeftOut: z.boolean().optional(),
  probed: z.array(ProbedDiscovery).max(100).optional(),
});
export type DiscoveryReport = z.infer<typeof DiscoveryReport>;

/** What came of it: how many things wait for a decision, have a service already, or are gone. */
export const DiscoveryAnswer = z.object({
  proposed: z.number().int(),
  covered: z.number().int(),
  vanished: z.number().int(),
});
export type DiscoveryAnswer = z.infer<typeof DiscoveryAnswer>;

/** POST /api/v1/discover: have agents look at their hosts now. Answers a BulkAnswer. */
export const DiscoverRequest = z.object({ hostIds: z.array(z.number().int()).min(1).max(1000) });
export type DiscoverRequest = z.infer<typeof DiscoverRequest>;
