import { createPrivateKey, generateKeyPairSync, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { SignJWT } from "jose";
import { writeFileDurably } from "../../durable-file/index.ts";
import { InputError } from "../../error/index.ts";
import { CapabilityClaims, capabilityAudience, type Verb } from "./capability.ts";

/** What a capability is made of. */
export interface CapabilityRequest {
  readonly privateKeyFile: string;
  /** A repository, `name/*` or `*`. */
  readonly repository: string;
  readonly verbs: readonly Verb[];
  readonly quotaBytes?: number;
  readonly lifetimeMs: number;
  /** For the log: who it is for. */
  readonly subject?: string;
  /** Unix time in ms. */
  readonly now: () => number;
}

/** Signs a capability token with an Ed25519 private key (PEM, PKCS #8). Throws InputError. */
export async function mintCapability(request: CapabilityRequest): Promise<{ token: string; id: string }> {
  const key = await readPrivateKey(request.privateKeyFile);
  const claims = CapabilityClaims.safeParse({
    repository: request.repository,
    verbs: [...new Set(request.verbs)],
    ...(request.quotaBytes === undefined ? {} : { quotaBytes: request.quotaBytes }),
    ...(request.subject === undefined ? {} : { sub: request.subject }),
    exp: Math.floor((request.now() + request.lifetimeMs) / 1000),
    jti: randomUUID(),
  });
  if (!claims.success) {
    const faults = claims.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
    throw new InputError(`no token can be made: ${faults.join("; ")}`);
  }
  const { exp, jti, sub, ...rest } = claims.data;
  const unsigned = new SignJWT(
    rest.quotaBytes === undefined
      ? { repository: rest.repository, verbs: rest.verbs }
      : { ...rest, quotaBytes: rest.quotaBytes },
  )
    .setProtectedHeader({ alg: "EdDSA", typ: "JWT" })
    .setAudience(capabilityAudience)
    .setJti(jti)
    .setIssuedAt(Math.floor(request.now() / 1000))
    .setExpirationTime(exp);
  if (sub !== undefined) unsigned.setSubject(sub);
  const token = await unsigned.sign(key);
  return { token, id: jti };
}

async function readPrivateKey(path: string) {
  const text = await readFile(path, "utf8");
  try {
    const key = createPrivateKey(text);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // Said below; the parser's own words do not help.
  }
  throw new InputError(`${path} is no Ed25519 private key in PEM; "openssl genpkey -algorithm ed25519" makes one`);
}

/** Makes a key pair for signing capabilities: the private half with mode 0600, and the public half for `tokenPublicKeyFiles`. */
export async function createSigningKey(privateKeyFile: string, publicKeyFile: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  await writeFileDurably(privateKeyFile, Buffer.from(pem), { mode: 0o600 });
  await writeFileDurably(publicKeyFile, Buffer.from(publicKey.export({ type: "spki", format: "pem" })), {
    mode: 0o644,
  });
}
