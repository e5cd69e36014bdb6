import { generateKeyPairSync } from "node:crypto";
import { AgentPublicKey } from "@mycloud/protocol/agent";
import { z } from "zod";

/** An Ed25519 key pair as JWK (RFC 8037): `d` is the private part. */
export const AgentPrivateKey = AgentPublicKey.extend({ d: z.string().length(43) });
export type AgentPrivateKey = z.infer<typeof AgentPrivateKey>;

/** Who this agent is and whom it talks to, as `identity.json` holds it. */
export const AgentIdentity = z.object({
  agentId: z.string().min(1).max(128),
  hostId: z.number().int(),
  hostName: z.string(),
  serverUrl: z.url(),
  /** SHA-256 (base64) of the server certificate's public key (SPKI), when it was pinned at enrolment; then no CA is asked. */
  serverKeySha256: z.string().nullable(),
  /** PEM file with the CA to trust instead of the system's. */
  caFile: z.string().nullable(),
  enrolledAtMs: z.number().int(),
  privateKey: AgentPrivateKey,
});
export type AgentIdentity = z.infer<typeof AgentIdentity>;

/** Makes a new key on this host. */
export function createKey(): AgentPrivateKey {
  return AgentPrivateKey.parse(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }));
}

/** The part of a key that may leave the host. */
export function publicKeyOf(key: AgentPrivateKey): AgentPublicKey {
  return { kty: key.kty, crv: key.crv, x: key.x };
}
