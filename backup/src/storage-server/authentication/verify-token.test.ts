import assert from "node:assert/strict";
import { createHmac, createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { SignJWT } from "jose";
import { createSigningKey, mintCapability } from "../capability/index.ts";
import { createTokenVerifier, readTokenKeys } from "./index.ts";

const directory = mkdtempSync(join(tmpdir(), "mycloud-token-"));
after(() => rmSync(directory, { recursive: true }));
const privateKeyFile = join(directory, "key.pem");
const publicKeyFile = join(directory, "key.pub.pem");
await createSigningKey(privateKeyFile, publicKeyFile);
const startMs = 1_700_000_000_000;

function verifier(options: { nowMs?: () => number; revoked?: ReadonlySet<string> } = {}) {
  const keys = readTokenKeys(publicKeyFile);
  return createTokenVerifier({
    keys: () => keys,
    revoked: async () => options.revoked ?? new Set(),
    now: options.nowMs ?? (() => startMs),
  });
}

const mint = (extra: { lifetimeMs?: number; quotaBytes?: number } = {}) =>
  mintCapability({
    privateKeyFile,
    repository: "alice/*",
    verbs: ["read", "append"],
    lifetimeMs: 3_600_000,
    subject: "laptop",
    now: () => startMs,
    ...extra,
  });

/** A token of the right claims, changed and signed as told. */
async function forged(
  change: (claims: Record<string, unknown>) => void,
  key = generateKeyPairSync("ed25519").privateKey,
): Promise<string> {
  const claims: Record<string, unknown> = {
    repository: "*",
    verbs: ["maintain"],
    exp: startMs / 1000 + 60,
    jti: "1",
    aud: "mycloud-storage",
  };
  change(claims);
  return await new SignJWT(claims).setProtectedHeader({ alg: "EdDSA" }).sign(key);
}

test("a minted token grants what it was made for", async () => {
  const { token, id } = await mint({ quotaBytes: 5 });
  assert.deepEqual(await verifier().verify(token), {
    principal: `token:${id}`,
    repository: "alice/*",
    verbs: ["read", "append"],
    quotaBytes: 5,
  });
});

test("a token ends at its expiry, a minute of difference between clocks aside, remembered or not", async () => {
  const { token } = await mint();
  let nowMs = startMs;
  const tokens = verifier({ nowMs: () => nowMs });
  nowMs = startMs + 3_600_000 + 30_000;
  await tokens.verify(token);
  nowMs = startMs + 3_600_000 + 61_000;
  await assert.rejects(tokens.verify(token), /expired/);
});

test("a revoked token is refused, though it was remembered", async () => {
  const { token, id } = await mint();
  const revoked = new Set<string>();
  const tokens = verifier({ revoked });
  await tokens.verify(token);
  revoked.add(id);
  await assert.rejects(tokens.verify(token), /revoked/);
});

test("a token of another key, another purpose or without an end is refused", async () => {
  const { createPrivateKey } = await import("node:crypto");
  const ours = createPrivateKey(readFileSync(privateKeyFile));
  const tokens = verifier();
  assert.equal((await tokens.verify(await forged(() => {}, ours))).repository, "*");
  await assert.rejects(tokens.verify(await forged(() => {})), /none of the known keys/);
  const faults: ((claims: Record<string, unknown>) => void)[] = [
    (claims) => delete claims.exp,
    (claims) => delete claims.jti,
    (claims) => delete claims.aud,
    (claims) => delete claims.verbs,
    (claims) => Object.assign(claims, { aud: "another" }),
    (claims) => Object.assign(claims, { verbs: [] }),
    (claims) => Object.assign(claims, { verbs: ["everything"] }),
    (claims) => Object.assign(claims, { repository: "../x" }),
    (claims) => Object.assign(claims, { quotaBytes: -1 }),
    (claims) => Object.assign(claims, { nbf: startMs / 1000 + 3600 }),
  ];
  for (const fault of faults)
    await assert.rejects(async () => tokens.verify(await forged(fault, ours)), { status: 401 }, String(fault));
});

test("no other algorithm is taken: none, or the public key as a secret", async () => {
  const tokens = verifier();
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = encode({
    repository: "*",
    verbs: ["maintain"],
    exp: startMs / 1000 + 60,
    jti: "1",
    aud: "mycloud-storage",
  });
  await assert.rejects(tokens.verify(`${encode({ alg: "none" })}.${claims}.`), { status: 401 });
  const signed = `${encode({ alg: "HS256" })}.${claims}`;
  for (const secret of [
    readFileSync(publicKeyFile),
    createPublicKey(readFileSync(publicKeyFile)).export({ type: "spki", format: "der" }),
  ])
    await assert.rejects(
      tokens.verify(`${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`),
      { status: 401 },
    );
  for (const text of ["", "a", "a.b.c", "..", "\0.\0.\0", "x".repeat(10_000)])
    await assert.rejects(tokens.verify(text), { status: 401 });
});

test("public keys are read as PEM, several PEM, JWK and JWK set; private and other keys are refused", async () => {
  const other = generateKeyPairSync("ed25519");
  const pem = readFileSync(publicKeyFile, "utf8");
  const jwk = createPublicKey(pem).export({ format: "jwk" });
  const read = async (text: string) => {
    const path = join(directory, "read");
    writeFileSync(path, text);
    return (await readTokenKeys(path)).length;
  };
  assert.equal(await read(pem), 1);
  assert.equal(await read(pem + other.publicKey.export({ type: "spki", format: "pem" })), 2);
  assert.equal(await read(JSON.stringify(jwk)), 1);
  assert.equal(await read(JSON.stringify({ keys: [jwk, other.publicKey.export({ format: "jwk" })] })), 2);
  await assert.rejects(read(readFileSync(privateKeyFile, "utf8")), /private key/);
  await assert.rejects(read(""), /no Ed25519 public key/);
  await assert.rejects(read("{}"), /cannot be read/);
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
  await assert.rejects(read(rsa.export({ type: "spki", format: "pem" })), /no Ed25519/);
});

test("a token cannot be made for what is no repository or no verb", async () => {
  await assert.rejects(
    mintCapability({ privateKeyFile, repository: "a/../b", verbs: ["read"], lifetimeMs: 1, now: () => startMs }),
    /repository is not the name/,
  );
  await assert.rejects(
    mintCapability({
      privateKeyFile: publicKeyFile,
      repository: "a",
      verbs: ["read"],
      lifetimeMs: 1,
      now: () => startMs,
    }),
    /no Ed25519 private key/,
  );
});
