import { RecordTypeText } from "@mycloud/protocol/dns-zone";
import { z } from "zod";

const Ttl = z.number().int().min(0).max(2_147_483_647);

/** An RRset of a request; what is not named here is passed over, as PowerDNS does. */
export const PatchedRrset = z.object({
  name: z.string().min(1).max(1004),
  type: RecordTypeText,
  ttl: Ttl.optional(),
  changetype: z
    .string()
    .transform((text) => text.toUpperCase())
    .pipe(z.enum(["REPLACE", "DELETE", "EXTEND", "PRUNE"])),
  records: z
    .array(z.object({ content: z.string().min(1).max(140_000), disabled: z.boolean().default(false) }))
    .max(10_000)
    .default([]),
  comments: z
    .array(z.object({ content: z.string().default(""), account: z.string().default("") }))
    .max(100)
    .optional(),
});
export type PatchedRrset = z.infer<typeof PatchedRrset>;

export const ZonePatch = z.object({ rrsets: z.array(PatchedRrset).max(10_000).default([]) });

export const NewZone = z.object({
  name: z.string().min(1).max(1004),
  kind: z.string().default("Native"),
  masters: z.array(z.string().max(64)).max(32).default([]),
  nameservers: z.array(z.string().max(1004)).max(32).default([]),
  account: z.string().max(63).default(""),
  rrsets: z
    .array(PatchedRrset.extend({ changetype: z.literal("REPLACE").default("REPLACE") }))
    .max(10_000)
    .default([]),
});
export type NewZone = z.infer<typeof NewZone>;
