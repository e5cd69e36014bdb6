import { z } from "zod";

/**
 * What a rule tells of. RECOVERY goes to whoever was told of the problem. FLAPPING is its start and stop, DOWNTIME a downtime's start, end and
 * cancellation (Nagios: notification_options f and s).
 */
export const NotifiableState = z.enum([
  "WARNING",
  "CRITICAL",
  "UNKNOWN",
  "STALE",
  "DOWN",
  "UNREACHABLE",
  "RECOVERY",
  "FLAPPING",
  "DOWNTIME",
]);
export type NotifiableState = z.infer<typeof NotifiableState>;
