import { z } from "zod";
import { NameServerStatus, ServedZone } from "../name-server/name-server-status.ts";

/** How much was asked in the span of time that ends then: between one status of a name server and the next. */
export const QueryRate = z.strictObject({
  atMs: z.number(),
  queriesPerSecond: z.number(),
  /** Answered NXDOMAIN; null where that is not counted: of a single zone. */
  nameErrorsPerSecond: z.number().nullable(),
  /** Held back by the rate limit; null where that is not counted. */
  rateLimitedPerSecond: z.number().nullable(),
});
export type QueryRate = z.infer<typeof QueryRate>;

/** GET /api/v1/dns/servers: what each name server said last of itself, and how much it was asked in the last hour, oldest first. */
export const NameServerState = NameServerStatus.extend({
  id: z.number().int(),
  /** The API token it uses. */
  name: z.string(),
  seenAtMs: z.number(),
  /** Whether it is connected now. */
  isConnected: z.boolean(),
  rates: z.array(QueryRate).max(1_000),
});
export type NameServerState = z.infer<typeof NameServerState>;

/** GET /api/v1/dns/zones/ZONE/statistics: how a zone stands on each name server, and how much it was asked on all of them in the last hour. */
export const ZoneStatistics = z.strictObject({
  servers: z.array(
    z.strictObject({
      name: z.string(),
      seenAtMs: z.number(),
      isConnected: z.boolean(),
      /** Null: it does not know the zone yet. */
      zone: ServedZone.nullable(),
    }),
  ),
  rates: z.array(QueryRate).max(1_000),
});
export type ZoneStatistics = z.infer<typeof ZoneStatistics>;
