import { z } from "zod";
import { keptSecret } from "../forward/index.ts";
import { ResourceName } from "../name/index.ts";
import {
  ForwardingConfiguration,
  RateLimitConfiguration,
  TsigAlgorithm,
} from "../name-server/name-server-configuration.ts";
import { AccessRule, DomainNameText } from "./access-rule.ts";

/** The name of a TSIG key, which is a domain name: in lower case, without a dot at its end. */
export const TsigKeyName = ResourceName.regex(
  /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/,
  "is no name of a key: labels of a-z, 0-9, - and _, with dots between them",
);

/**
 * A TSIG key (RFC 8945): a stored kind. `secret` in base64; `********` keeps the one that is stored, and makes one where none is. It is shown by nothing
 * but POST /api/v1/dns/keys, which makes it, once; name servers get it.
 */
export const TsigKeyInput = z.object({
  name: TsigKeyName,
  algorithm: TsigAlgorithm.default("hmac-sha256"),
  secret: z.string().max(1024).default(keptSecret),
});
export type TsigKeyInput = z.infer<typeof TsigKeyInput>;

/** POST /api/v1/dns/keys: a key with a new secret, which the answer shows this once. */
export const TsigKeyRequest = z.strictObject({
  name: TsigKeyName,
  algorithm: TsigAlgorithm.default("hmac-sha256"),
  /** Gives a key that exists a new secret; else its name is taken (409). */
  replace: z.boolean().default(false),
});
export type TsigKeyRequest = z.infer<typeof TsigKeyRequest>;
export const TsigKeyCreated = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  algorithm: TsigAlgorithm,
  secret: z.string(),
});
export type TsigKeyCreated = z.infer<typeof TsigKeyCreated>;

/** A view (split DNS): a stored kind. A query belongs to the first view, by `order` and then name, whose clients it is one of. */
export const DnsViewInput = z.object({
  name: ResourceName,
  order: z.number().int().min(0).max(1_000_000).default(100),
  clients: z.array(AccessRule).min(1).max(1000),
});
export type DnsViewInput = z.infer<typeof DnsViewInput>;

/** What all name servers are told besides zones: a stored kind; the one named `default` counts, or what a name server asks for by name. */
export const NameServerSettingsInput = z.object({
  name: ResourceName,
  nsid: z.string().max(255).nullable().default(null),
  /** Of zones that have no list of their own. */
  allowQuery: z
    .array(AccessRule)
    .max(1000)
    .default([{ prefixes: ["0.0.0.0/0", "::/0"], key: null }]),
  forwarding: ForwardingConfiguration.nullable().default(null),
  rateLimit: RateLimitConfiguration.nullable().default(null),
  queryLogOneIn: z.number().int().min(1).max(1_000_000).nullable().default(null),
  /** NS records of zones that are created without any; absolute. */
  defaultNameServers: z.array(DomainNameText).max(32).default([]),
});
export type NameServerSettingsInput = z.infer<typeof NameServerSettingsInput>;
