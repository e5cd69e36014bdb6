import { z } from "zod";
import { RrsetInput, RrsetRecord, ZoneKind, ZoneSettings } from "../dns-zone/index.ts";

/** A record as its data alone (`192.0.2.1`), or with its weight, tier or service. */
const RecordText = z.union([z.string().transform((data) => RrsetRecord.parse({ data })), RrsetRecord]);

/** Zones with more records than this are taken over as zone files: `mycloud dns zone import`. */
export const mostDefinedRrsets = 2_000;

/**
 * A zone in a file: its settings, and its records unless `records` is left out, which leaves those that are there alone. With `records`, what people or zone
 * files wrote and the file does not have goes; what hosts, UPDATE messages and PowerDNS's API wrote stays, as it is not of files. The name is `example.org`, or
 * `example.org@inside` for the zone of a view.
 *
 * @example
 * kind: Zone
 * name: example.org
 * spec:
 *   authority: { hostmaster: hostmaster@example.org }
 *   records:
 *     - { name: "@", type: NS, records: [ns1.example.net., ns2.example.net.] }
 *     - { name: www, type: A, ttlSeconds: 60, records: [192.0.2.1, 192.0.2.2] }
 */
export const ZoneDefinition = z.object({
  kind: z.literal("Zone"),
  name: z.string().min(1).max(1200),
  spec: ZoneSettings.extend({
    kind: ZoneKind.default("primary"),
    records: z
      .array(RrsetInput.extend({ records: z.array(RecordText).min(1).max(10_000) }))
      .max(mostDefinedRrsets)
      .nullable()
      .default(null),
  }).prefault({}),
});
export type ZoneDefinition = z.infer<typeof ZoneDefinition>;
