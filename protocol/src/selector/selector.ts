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

const PlainServiceSelector = HostSelector.extend({ services: patterns.optional() });

/**
 * Which services (and hosts) something applies to: a host selector, and optionally service names. Without `services` it covers the
 * host itself and all its services, also those added later; `services: ["*"]` covers services only, `services: []` the host only. With `anyOf` one of those
 * selectors must cover it as well: what no single one can say, such as other services on one host than on another.
 *
 * @example { anyOf: [{ hosts: ["web1"], services: ["http"] }, { hosts: ["db1"], services: ["mysql"] }] }
 */
export const ServiceSelector = PlainServiceSelector.extend({
  anyOf: z.array(PlainServiceSelector).min(1).max(1000).optional(),
});
export type ServiceSelector = z.infer<typeof ServiceSelector>;
