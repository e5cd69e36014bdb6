import { z } from "zod";

/**
 * What a name server asks the control plane, with a token of scope `name-server`:
 *
 * - `GET  /api/v1/name-server/stream` (SSE): `configuration` with a NameServerConfiguration, first and after each change of it; `zone` with a
 *   ZonePublished after each change of records.
 * - `GET  /api/v1/name-server/zones/NAME?view=VIEW&from=SERIAL`: NDJSON of ZoneFeedLine; steps from that serial where they are known and shorter, else all.
 * - `POST /api/v1/name-server/updates`: UpdateRelay -> UpdateAnswer, after the change is committed.
 * - `POST /api/v1/name-server/status`: NameServerStatus, each 15 s and when a zone's state changes.
 */
export const ZonePublished = z.strictObject({
  name: z.string(),
  view: z.string().nullable(),
  serial: z.number().int(),
});
export type ZonePublished = z.infer<typeof ZonePublished>;

/** A record in presentation form: `www.example.com. 300 IN A 192.0.2.1`. */
const RecordText = z.string().max(200_000);

/** First `zone` or `steps`, which says what follows; then `record` lines, or `step` lines; last `end`, without which the feed was cut. */
export const ZoneFeedLine = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("zone"), serial: z.number().int() }),
  z.strictObject({ kind: z.literal("steps"), serial: z.number().int() }),
  z.strictObject({ kind: z.literal("records"), records: z.array(RecordText).max(1000) }),
  /** One change from a serial to the next (RFC 1995): the SOA records are among the records. */
  z.strictObject({ kind: z.literal("step"), removed: z.array(RecordText), added: z.array(RecordText) }),
  z.strictObject({ kind: z.literal("end"), serial: z.number().int() }),
]);
export type ZoneFeedLine = z.infer<typeof ZoneFeedLine>;

/** An UPDATE message whose signature the name server found good. */
export const UpdateRelay = z.strictObject({
  /** The whole message without its TSIG record, in base64. */
  message: z.base64().max(90_000),
  view: z.string().nullable(),
  /** The key it was signed with; null: it was not. */
  key: z.string().nullable(),
  /** The client's address. */
  client: z.string(),
  /** The same for each attempt at the same message: what was committed is not done twice. */
  id: z.string().max(64),
});
export type UpdateRelay = z.infer<typeof UpdateRelay>;

/** The response code (RFC 2136 §2.2), and in words why. */
export const UpdateAnswer = z.strictObject({ resultCode: z.number().int(), reason: z.string() });
export type UpdateAnswer = z.infer<typeof UpdateAnswer>;
