import { z } from "zod";

const counter = z.number().int().min(0);

/** How a zone stands on a name server. */
export const ServedZone = z.strictObject({
  name: z.string(),
  view: z.string().nullable(),
  serial: z.number().int().nullable(),
  recordCount: counter,
  /** Of a secondary zone: when its primaries are asked next, and when it is not answered any more (RFC 1035 §3.3.13). */
  refreshAtMs: z.number().nullable(),
  expiresAtMs: z.number().nullable(),
  /** Why it is not as it should be; null: it is. */
  error: z.string().max(1000).nullable(),
  queries: counter,
  /** Secondaries that were told by NOTIFY: the serial they were told, and whether they answered. */
  notified: z
    .array(
      z.strictObject({ address: z.string(), serial: z.number().int(), isAcknowledged: z.boolean(), atMs: z.number() }),
    )
    .max(200),
});
export type ServedZone = z.infer<typeof ServedZone>;

/** What asks most, since the last status: by count, largest first. */
const Top = z.array(z.strictObject({ key: z.string().max(1004), count: counter })).max(50);

/** What a name server says of itself. Counters are since its start. */
export const NameServerStatus = z.strictObject({
  version: z.string().max(64),
  startedAtMs: z.number(),
  /** Where it answers: `udp 192.0.2.1:53`. */
  listeners: z.array(z.string().max(128)).max(64),
  zones: z.array(ServedZone).max(100_000),
  queries: counter,
  queriesByType: z.record(z.string().max(16), counter),
  answersByCode: z.record(z.string().max(16), counter),
  rateLimited: counter,
  topClients: Top,
  topNames: Top,
});
export type NameServerStatus = z.infer<typeof NameServerStatus>;
