import { z } from "zod";
import { ResourceName } from "../name/index.ts";

/** A storage server (`mycloud storage`) that takes tokens signed by this control plane: its `--token-keys` has what GET /api/v1/storage-keys answers. */
export const StorageServerInput = z.object({
  name: ResourceName,
  /** As agents reach it: `https://backup.example.org:8081`. */
  url: z
    .url({ protocol: /^https?$/, error: "is no http:// or https:// address" })
    .max(2048)
    .transform((text) => text.replace(/\/+$/, "")),
  /** PEM of the authority to trust for https instead of the system's. */
  certificateAuthority: z.string().max(65_536).nullable().default(null),
  /** Where policies go that name no server. Of several, the first by name. */
  isDefault: z.boolean().default(false),
  /** Name of the host that it runs on, which gets the service `storage NAME`, and those of repositories that no policy knows. Null: none. */
  host: z.string().min(1).max(255).nullable().default(null),
  /** How old the newest snapshot of a repository may be that no policy knows, as a stock restic client writes it. Null: it is not watched. */
  otherRpoSeconds: z.number().int().min(60).max(31_536_000).nullable().default(93_600),
});
export type StorageServerInput = z.infer<typeof StorageServerInput>;

/** GET /api/v1/storage-keys: the public keys (RFC 7517, RFC 8037) of the tokens that this control plane signs. */
export const StorageKeys = z.object({
  keys: z.array(z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string(), kid: z.string() })),
});
export type StorageKeys = z.infer<typeof StorageKeys>;
