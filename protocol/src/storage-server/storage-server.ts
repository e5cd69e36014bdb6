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
});
export type StorageServerInput = z.infer<typeof StorageServerInput>;

/** GET /api/v1/storage-keys: the public keys (RFC 7517, RFC 8037) of the tokens that this control plane signs. */
export const StorageKeys = z.object({
  keys: z.array(z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string(), kid: z.string() })),
});
export type StorageKeys = z.infer<typeof StorageKeys>;
