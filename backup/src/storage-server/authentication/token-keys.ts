import { createPublicKey, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { InputError } from "../../error/index.ts";

const PublicJwk = z.looseObject({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string() });
const JwkFile = z.union([
  z.object({ keys: z.array(PublicJwk).min(1) }).transform(({ keys }) => keys),
  PublicJwk.transform((key) => [key]),
]);

/** The Ed25519 public keys in a file: one or more PEM blocks, a JWK or a JWK set. Throws InputError. */
export async function readTokenKeys(path: string): Promise<readonly KeyObject[]> {
  const text = await readFile(path, "utf8").catch((cause: Error) => {
    throw new InputError(`the public key ${path} cannot be read: ${cause.message}`, { cause });
  });
  if (text.includes("PRIVATE KEY"))
    throw new InputError(`${path} holds a private key; only its public half belongs here`);
  try {
    const keys = text.trimStart().startsWith("{") ? keysOfJwks(JSON.parse(text)) : keysOfPem(text);
    if (keys.length > 0 && keys.every(({ asymmetricKeyType }) => asymmetricKeyType === "ed25519")) return keys;
  } catch (cause) {
    throw new InputError(`${path} cannot be read as public keys: PEM, JWK or JWK set`, { cause });
  }
  throw new InputError(`${path} holds no Ed25519 public key`);
}

function keysOfJwks(content: unknown): KeyObject[] {
  return JwkFile.parse(content).map(({ kty, crv, x }) => createPublicKey({ key: { kty, crv, x }, format: "jwk" }));
}

function keysOfPem(text: string): KeyObject[] {
  const blocks = text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  return blocks.map((block) => createPublicKey(block));
}
