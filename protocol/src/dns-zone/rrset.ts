import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { HostName, ServiceName } from "../name/index.ts";
import { RecordTypeText, TtlSeconds } from "./zone.ts";

/** An owner name relative to its zone: `www`, `@` for the zone's own, `*.apps`. A name with a dot at its end is absolute and has to be in the zone. */
export const OwnerNameText = z.string().min(1).max(1004);

/** One record of an RRset. */
export const RrsetRecord = z.strictObject({
  /** In presentation form, names relative to the zone unless they end in a dot: `10 mail`, `192.0.2.1`. Answers have names in full. */
  data: z.string().min(1).max(140_000),
  /** How often it comes first, against the RRset's others; absent in all of them: alike. 0: only when nothing else is left. */
  weight: z.number().int().min(0).max(65_535).optional(),
  /** Failover: records of the lowest tier of which enough are healthy are published, and no others; absent: 0. */
  tier: z.number().int().min(0).max(100).optional(),
  /** The service (or business rule) that says whether it is healthy; absent: it always is. */
  service: z.strictObject({ host: HostName, service: ServiceName }).optional(),
});
export type RrsetRecord = z.infer<typeof RrsetRecord>;

/** An RRset as people write it. */
export const RrsetInput = z.strictObject({
  name: OwnerNameText,
  type: RecordTypeText,
  /** Null: the zone's default. */
  ttlSeconds: TtlSeconds.nullable().default(null),
  records: z.array(RrsetRecord).min(1).max(10_000),
  /** With fewer healthy records than this, all of them are published. */
  minimumAnswers: z.number().int().min(1).max(10_000).default(1),
  /** Of weighted records: how many an answer has; null: all. */
  answers: z.number().int().min(1).max(1_000).nullable().default(null),
  comment: z.string().max(1000).default(""),
  /** Who to ask about it: a team, a person, a ticket. */
  owner: z.string().max(128).default(""),
});
export type RrsetInput = z.infer<typeof RrsetInput>;
/** As it is sent, with what may be left out. */
export type RrsetDraft = z.input<typeof RrsetInput>;

/** What last wrote it: the console and commands, hosts that register themselves, UPDATE messages, a zone file, PowerDNS's API. */
export const RrsetSource = z.enum(["people", "registration", "update", "import", "api"]);
export type RrsetSource = z.infer<typeof RrsetSource>;

/** An RRset as it is defined: GET /api/v1/dns/zones/ZONE/rrsets, and .../rrsets/NAME/TYPE (PUT an RrsetInput without name and type, DELETE). */
export const Rrset = RrsetInput.extend({
  id: z.number().int(),
  source: RrsetSource,
  /** The zone's revision that it was changed in last. */
  revision: z.number().int(),
  changedAtMs: z.number().int(),
  /** The records that are published at present, by their data; null: all of them. */
  published: z.array(z.string()).nullable(),
});
export type Rrset = z.infer<typeof Rrset>;

export const RrsetFilter = z.strictObject({
  ...baseFilter,
  name: OwnerNameText.optional(),
  /** It and what is below. */
  below: OwnerNameText.optional(),
  type: RecordTypeText.optional(),
  owner: z.string().max(128).optional(),
  source: RrsetSource.optional(),
  /** Those with services, tiers or weights. */
  isBound: z.boolean().optional(),
});
export type RrsetFilter = z.infer<typeof RrsetFilter>;
