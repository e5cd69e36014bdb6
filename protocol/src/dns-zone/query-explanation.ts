import { z } from "zod";
import { DomainNameText } from "./access-rule.ts";
import { RecordTypeText } from "./zone.ts";

/** GET /api/v1/dns/explain?name=&type=&from=: what name servers answer to a question, and why. `from`: the client's address; it decides the view. */
export const QueryExplanationQuery = z.object({
  name: DomainNameText,
  type: RecordTypeText.default("A"),
  from: z.union([z.ipv4(), z.ipv6()], { error: "from is no IPv4 or IPv6 address" }).default("127.0.0.1"),
});
export type QueryExplanationQuery = z.infer<typeof QueryExplanationQuery>;

/** A record of an RRset that health decides on, and how it stands. */
export const RecordHealth = z.strictObject({
  /** Absolute. */
  name: z.string(),
  type: z.string(),
  data: z.string(),
  service: z.strictObject({ host: z.string(), service: z.string() }).nullable(),
  /** Of that service, and whether it is HARD; null: there is no such service (any more), or it was never checked. */
  state: z.string().nullable(),
  isHard: z.boolean(),
  weight: z.number().int().nullable(),
  tier: z.number().int().nullable(),
  isPublished: z.boolean(),
  /** Why it is, or is not, in words. */
  reason: z.string(),
});
export type RecordHealth = z.infer<typeof RecordHealth>;

export const QueryExplanation = z.strictObject({
  name: z.string(),
  type: z.string(),
  from: z.string(),
  /** The view that the client belongs to; null: the zones without one. */
  view: z.string().nullable(),
  zone: z.string().nullable(),
  serial: z.number().int().nullable(),
  /** NOERROR, NXDOMAIN, REFUSED ... */
  resultCode: z.string(),
  isAuthoritative: z.boolean(),
  /** Records in presentation form. */
  answer: z.array(z.string()),
  authority: z.array(z.string()),
  additional: z.array(z.string()),
  /** How it came to that, one step a sentence. */
  steps: z.array(z.string()),
  /** Of the RRsets in the answer that have services, weights or tiers: all their records, published or not. */
  health: z.array(RecordHealth),
  /** The last times that health changed what is answered here, newest first; at most 20. */
  changes: z.array(z.strictObject({ atMs: z.number(), text: z.string() })),
});
export type QueryExplanation = z.infer<typeof QueryExplanation>;
