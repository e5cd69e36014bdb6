import { z } from "zod";
import { AccessRule, AddressPrefix, DomainNameText, NameServerPeer } from "../dns-zone/access-rule.ts";

/** Algorithms of transaction signatures (RFC 8945 §6). */
export const TsigAlgorithm = z.enum(["hmac-sha256", "hmac-sha384", "hmac-sha512"]);
export type TsigAlgorithm = z.infer<typeof TsigAlgorithm>;

/** A key as name servers hold it: the secret in base64. */
export const TsigKeyConfiguration = z.strictObject({
  name: DomainNameText,
  algorithm: TsigAlgorithm,
  secret: z.base64(),
});
export type TsigKeyConfiguration = z.infer<typeof TsigKeyConfiguration>;

/** Who sees a view. The first view in the list whose clients a query matches is the one it is answered from; none: the zones without a view. */
export const ViewConfiguration = z.strictObject({ name: z.string().min(1).max(64), clients: z.array(AccessRule) });
export type ViewConfiguration = z.infer<typeof ViewConfiguration>;

/** Records of an RRset that are not handed out alike: how often each comes first, against the others. Every record of the RRset is named. */
export const WeightedRrset = z.strictObject({
  /** Absolute. */
  name: DomainNameText,
  type: z.string().max(16),
  /** By record data in presentation form. */
  weights: z.array(z.strictObject({ data: z.string(), weight: z.number().int().min(0).max(65_535) })).max(1000),
  /** How many of the records an answer has; null: all. */
  answers: z.number().int().min(1).max(1000).nullable(),
});
export type WeightedRrset = z.infer<typeof WeightedRrset>;

/** One zone of a name server, without its records. */
export const ZoneConfiguration = z.strictObject({
  /** Absolute. */
  name: DomainNameText,
  /** The view it belongs to; null: seen by everyone whose view has no zone of this name. */
  view: z.string().nullable(),
  /** `primary`: its records come from the control plane. `secondary`: from `primaries`, by AXFR and IXFR. */
  kind: z.enum(["primary", "secondary"]),
  /** Of a primary zone: the serial published; what is older is to be fetched. */
  serial: z.number().int().min(0).max(0xffff_ffff).nullable(),
  primaries: z.array(NameServerPeer).max(32),
  /** Told of changes by NOTIFY (RFC 1996); nobody else is, whatever the NS records say. */
  notify: z.array(NameServerPeer).max(100),
  /** Null: what the server allows. */
  allowQuery: z.array(AccessRule).max(1000).nullable(),
  allowTransfer: z.array(AccessRule).max(1000),
  /** Who may send NOTIFY for a secondary zone, besides its primaries. */
  allowNotify: z.array(AccessRule).max(1000),
  /** Whether UPDATE (RFC 2136) is passed to the control plane, which decides; else it is refused. */
  allowsUpdate: z.boolean(),
  weighted: z.array(WeightedRrset).max(100_000),
});
export type ZoneConfiguration = z.infer<typeof ZoneConfiguration>;

/** Resolvers that questions outside of our zones are passed to, for clients inside. */
export const ForwardingConfiguration = z.strictObject({
  clients: z.array(AccessRule).min(1),
  /** `isTls`: DNS over TLS (RFC 7858), authenticated by `serverName`. */
  resolvers: z
    .array(
      z.strictObject({
        address: z.union([z.ipv4(), z.ipv6()]),
        port: z.number().int().min(1).max(65_535),
        isTls: z.boolean(),
        serverName: z.string().nullable(),
      }),
    )
    .min(1)
    .max(16),
  cachedAnswers: z.number().int().min(0).max(1_000_000),
});
export type ForwardingConfiguration = z.infer<typeof ForwardingConfiguration>;

/** Response-rate limiting: answers a second and client prefix, by kind; 0: unlimited. Every `slip`-th that is held back is sent truncated; 0: none. */
export const RateLimitConfiguration = z.strictObject({
  responsesPerSecond: z.number().int().min(0),
  nameErrorsPerSecond: z.number().int().min(0),
  errorsPerSecond: z.number().int().min(0),
  slip: z.number().int().min(0).max(10),
  exempt: z.array(AddressPrefix).max(1000),
});
export type RateLimitConfiguration = z.infer<typeof RateLimitConfiguration>;

/** Everything that a name server is told, but for records. */
export const NameServerConfiguration = z.strictObject({
  /** What it calls itself to whoever asks by NSID (RFC 5001); null: it does not. */
  nsid: z.string().max(255).nullable(),
  /** 16 octets in hexadecimal, newest first: shared by all name servers, so that a cookie of one holds with the next (RFC 9018 §4). */
  cookieSecrets: z
    .array(z.string().regex(/^[0-9a-f]{32}$/))
    .min(1)
    .max(2),
  tsigKeys: z.array(TsigKeyConfiguration).max(10_000),
  views: z.array(ViewConfiguration).max(100),
  /** Of zones that have no list of their own. */
  allowQuery: z.array(AccessRule).max(1000),
  zones: z.array(ZoneConfiguration).max(100_000),
  forwarding: ForwardingConfiguration.nullable(),
  rateLimit: RateLimitConfiguration.nullable(),
  /** Of how many queries one is logged; null: none is. */
  queryLogOneIn: z.number().int().min(1).max(1_000_000).nullable(),
});
export type NameServerConfiguration = z.infer<typeof NameServerConfiguration>;
