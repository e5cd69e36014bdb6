import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { CustomerName, ResourceName } from "../name/index.ts";
import { AccessRule, DomainNameText, NameServerPeer } from "./access-rule.ts";
import { UpdateGrant } from "./update-grant.ts";

/** Seconds of a TTL (RFC 2181 §8). */
export const TtlSeconds = z.number().int().min(0).max(2_147_483_647);

/** What the SOA record says besides its serial (RFC 1035 §3.3.13); names absolute, with or without a dot at their end. */
export const ZoneAuthority = z.strictObject({
  /** Null: the first of the zone's name servers. */
  primaryNameServer: DomainNameText.nullable().default(null),
  /** As a mail address (`hostmaster@example.org`) or as a domain name. Null: hostmaster at the zone. */
  hostmaster: z.string().min(1).max(1004).nullable().default(null),
  refreshSeconds: TtlSeconds.default(7_200),
  retrySeconds: TtlSeconds.default(1_800),
  expireSeconds: TtlSeconds.default(1_209_600),
  /** How long "there is no such name" is remembered (RFC 2308). */
  minimumSeconds: TtlSeconds.default(300),
  /** Of the SOA record itself; null: the zone's default. */
  ttlSeconds: TtlSeconds.nullable().default(null),
});
export type ZoneAuthority = z.infer<typeof ZoneAuthority>;

/** How the serial goes on: `date` as YYYYMMDDnn, `unix-time`, or one more each time. It never goes back (RFC 1982), whatever it was before. */
export const SerialForm = z.enum(["date", "unix-time", "increment"]);
export type SerialForm = z.infer<typeof SerialForm>;

/** A type of records as zone files write it: `A`, `TYPE65280`. */
export const RecordTypeText = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9]{0,15}$/, "is no type of records, such as A, MX or TYPE65280")
  .transform((text) => text.toUpperCase());

/** What a zone says besides its records. */
export const ZoneSettings = z.strictObject({
  /** Whose people may see and edit its records; null: staff alone. */
  customer: CustomerName.nullable().default(null),
  comment: z.string().max(1000).default(""),
  /** Of RRsets that say none. */
  defaultTtlSeconds: TtlSeconds.default(3_600),
  authority: ZoneAuthority.prefault({}),
  serialForm: SerialForm.default("date"),
  /** Types that the customer's people may edit; null: all but NS at the zone's own name. */
  customerTypes: z.array(RecordTypeText).max(100).nullable().default(null),
  /** Of a secondary zone: where its records come from. */
  primaries: z.array(NameServerPeer).max(32).default([]),
  /** Secondaries that are told of changes (RFC 1996). */
  notify: z.array(NameServerPeer).max(100).default([]),
  /** Null: what the name servers allow. */
  allowQuery: z.array(AccessRule).max(1000).nullable().default(null),
  allowTransfer: z.array(AccessRule).max(1000).default([]),
  /** Of a secondary zone: who may send NOTIFY besides its primaries. */
  allowNotify: z.array(AccessRule).max(1000).default([]),
  /** Who may change records by UPDATE (RFC 2136): the first entry that matches decides; none matches: refused. */
  updatePolicy: z.array(UpdateGrant).max(1000).default([]),
});
export type ZoneSettings = z.infer<typeof ZoneSettings>;

/** `primary`: its records are defined here. `secondary`: name servers fetch them from `primaries`. */
export const ZoneKind = z.enum(["primary", "secondary"]);

/** PUT of a zone: everything that may change about one that is there. */
export const ZoneChangeInput = ZoneSettings;

/** POST /api/v1/dns/zones. */
export const ZoneInput = ZoneSettings.extend({
  name: DomainNameText,
  /** A View by its name; null: seen by everyone whose view has no zone of this name. */
  view: ResourceName.nullable().default(null),
  kind: ZoneKind.default("primary"),
  /** Its NS records; where none are given, those of the name servers' settings. */
  nameServers: z.array(DomainNameText).max(32).default([]),
});
export type ZoneInput = z.infer<typeof ZoneInput>;

/**
 * GET /api/v1/dns/zones/ZONE, where ZONE is the id, the name, or `NAME@VIEW`. Its ETag is the revision: changes that come with If-Match are refused
 * (412) when somebody changed the zone meanwhile.
 */
export const Zone = ZoneSettings.extend({
  id: z.number().int(),
  /** Absolute, in lower case, with the dot at its end. */
  name: z.string(),
  view: z.string().nullable(),
  kind: ZoneKind,
  /** Counts the changes of what is defined, from 1. */
  revision: z.number().int(),
  /** Of what is published, which follows the health of services as well; null for a secondary zone. */
  serial: z.number().int().nullable(),
  rrsetCount: z.number().int(),
  recordCount: z.number().int(),
  createdAtMs: z.number().int(),
  changedAtMs: z.number().int(),
});
export type Zone = z.infer<typeof Zone>;

export const ZoneFilter = z.strictObject({
  ...baseFilter,
  /** In any form a name is written in. */
  name: z.string().max(1004).optional(),
  view: z.string().nullable().optional(),
  kind: ZoneKind.optional(),
  customer: z.string().nullable().optional(),
});
export type ZoneFilter = z.infer<typeof ZoneFilter>;
