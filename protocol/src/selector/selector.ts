import { z } from "zod";

const patterns = z.array(z.string().min(1).max(255)).max(200);

/**
 * Which hosts something applies to. All given keys must match (and); within a list any entry may (or). Names and groups take `*` and `?`
 * wildcards; an entry that starts with `!` excludes. A label's value is one pattern or a list. `{}` matches every host.
 *
 * @example { groups: ["web"], labels: { env: ["prod", "stage"] }, hosts: ["!web9"] }
 */
export const HostSelector = z.strictObject({
  hosts: patterns.optional(),
  groups: patterns.optional(),
  labels: z.record(z.string(), z.union([z.string(), z.array(z.string()).max(200)])).optional(),
});
export type HostSelector = z.infer<typeof HostSelector>;

/**
 * Which services (and hosts) something applies to: a host selector, and optionally service names. Without `services` it covers the
 * host itself and all its services, also those added later; `services: ["*"]` covers services only, `services: []` the host only.
 */
export const ServiceSelector = HostSelector.extend({ services: patterns.optional() });
export type ServiceSelector = z.infer<typeof ServiceSelector>;
