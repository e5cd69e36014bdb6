import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import type { StorageKeys } from "@mycloud/protocol/storage-server";
import { SignJWT } from "jose";
import { z } from "zod";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Sealer } from "../sealing/index.ts";

export interface StorageSignerDependencies {
  readonly database: ConnectedDatabase;
  readonly sealer: Sealer;
  readonly now: () => number;
}

/** What a token allows: the claims that the storage server reads. */
export interface Capability {
  /** Its path on the server. */
  readonly repository: string;
  readonly verbs: readonly ("read" | "append" | "delete" | "maintain")[];
  readonly quotaBytes: number | null;
  readonly lifetimeMs: number;
  /** For the server's log: who it is for. */
  readonly subject: string;
}

export interface StorageSigner {
  publicKeys(): Promise<StorageKeys>;
  mint(capability: Capability): Promise<{ readonly token: string; readonly expiresAtMs: number }>;
}

const setting = "storage_signing_key";
/** The storage server's `capabilityAudience`. */
const audience = "mycloud-storage";
const PrivateJwk = z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string(), d: z.string() });
type PrivateJwk = z.infer<typeof PrivateJwk>;

/** Makes a signer; its key is read, or made, when it is first needed. */
export function createStorageSigner({ database, sealer, now }: StorageSignerDependencies): StorageSigner {
  let loading: Promise<{ readonly jwk: PrivateJwk; readonly key: KeyObject }> | undefined;

  async function load() {
    const jwk = PrivateJwk.parse(JSON.parse(sealer.open(await storedKey(), setting)));
    return { jwk, key: createPrivateKey({ key: jwk, format: "jwk" }) };
  }

  async function storedKey(): Promise<string> {
    const read = () => database.db.selectFrom("setting").select("value").where("name", "=", setting).executeTakeFirst();
    const present = await read();
    if (present !== undefined) return present.value;
    const made = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
    const value = sealer.seal(JSON.stringify(made), setting);
    // Of several control planes that start at once, the first one's counts.
    await database.dialect.insertIfAbsent(database.db, "setting", { name: setting, value });
    return (await read())?.value ?? value;
  }

  function loaded() {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  return {
    async publicKeys() {
      const { kty, crv, x } = (await loaded()).jwk;
      return { keys: [{ kty, crv, x, kid: keyIdOf(x) }] };
    },
    async mint({ repository, verbs, quotaBytes, lifetimeMs, subject }) {
      const { jwk, key } = await loaded();
      const expiresAtMs = now() + lifetimeMs;
      const claims = { repository, verbs: [...verbs], ...(quotaBytes === null ? {} : { quotaBytes }) };
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: "EdDSA", typ: "JWT", kid: keyIdOf(jwk.x) })
        .setAudience(audience)
        .setJti(randomUUID())
        .setSubject(subject.slice(0, 200))
        .setIssuedAt(Math.floor(now() / 1000))
        .setExpirationTime(Math.floor(expiresAtMs / 1000))
        .sign(key);
      return { token, expiresAtMs };
    },
  };
}

function keyIdOf(x: string): string {
  return createHash("sha256").update(x).digest("base64url").slice(0, 16);
}
