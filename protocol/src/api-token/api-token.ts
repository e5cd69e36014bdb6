import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { ResourceName } from "../name/index.ts";
import { Role } from "../user/index.ts";

/**
 * What a token may do. `read`, `write` and `admin` follow the roles viewer, operator, admin; `ingest` may post check results,
 * `ingest:register` may also register unknown hosts and services by posting; `logs` may send log records. `webdav` reads backups at /dav/ and nothing
 * else anywhere: an app password, which stands alone. `name-server` stands alone as well: a name server fetches zones and keys with it.
 */
export const TokenScope = z.enum([
  "read",
  "write",
  "admin",
  "ingest",
  "ingest:register",
  "logs",
  "webdav",
  "name-server",
]);
export type TokenScope = z.infer<typeof TokenScope>;

export const ApiTokenInput = z.object({
  name: ResourceName,
  scopes: z
    .array(TokenScope)
    .min(1)
    .refine((scopes) => !scopes.includes("webdav") || scopes.every((scope) => scope === "webdav"), {
      message: "webdav stands alone: an app password opens nothing else",
    })
    .refine((scopes) => !scopes.includes("name-server") || scopes.every((scope) => scope === "name-server"), {
      message: "name-server stands alone: what it opens holds the secrets of all TSIG keys",
    }),
  customer: z.string().nullable().default(null),
  /** Null = does not expire. */
  lifetimeSeconds: z
    .number()
    .int()
    .min(60)
    .max(10 * 31_536_000)
    .nullable()
    .default(90 * 86_400),
});
export type ApiTokenInput = z.infer<typeof ApiTokenInput>;

export const ApiToken = z.object({
  id: z.number().int(),
  name: z.string(),
  /** The first characters, to tell tokens apart. */
  prefix: z.string(),
  scopes: z.array(TokenScope),
  role: Role.nullable(),
  customer: z.string().nullable(),
  userId: z.number().int().nullable(),
  createdAtMs: z.number().int(),
  expiresAtMs: z.number().int().nullable(),
  lastUsedAtMs: z.number().int().nullable(),
});
export type ApiToken = z.infer<typeof ApiToken>;

/** Answer to creating one: the token itself is shown this once; only its hash is kept. */
export const ApiTokenCreated = ApiToken.extend({ token: z.string() });
export type ApiTokenCreated = z.infer<typeof ApiTokenCreated>;

export const ApiTokenFilter = z.strictObject({
  ...baseFilter,
  name: z.string().optional(),
  /** Those that have it: `webdav` lists app passwords. */
  scope: TokenScope.optional(),
});
export type ApiTokenFilter = z.infer<typeof ApiTokenFilter>;
