import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { agentAudience } from "@mycloud/protocol/agent";
import { importJWK, jwtVerify } from "jose";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { agentPaths } from "../state-directory/index.ts";
import { type AgentIdentity, createKey, publicKeyOf } from "./identity.ts";
import { readIdentity, writeIdentity } from "./identity-file.ts";
import { createRequestToken } from "./request-token.ts";

const identity: AgentIdentity = {
  agentId: "a1",
  hostId: 7,
  hostName: "web1",
  serverUrl: "http://127.0.0.1:8080/",
  serverKeySha256: null,
  caFile: null,
  enrolledAtMs: 1,
  privateKey: createKey(),
};

test("the identity file is read back and only its owner may read it", async () => {
  const paths = agentPaths(testDirectory());
  assert.equal(await readIdentity(paths), undefined);
  await writeIdentity(paths, identity);
  assert.deepEqual(await readIdentity(paths), identity);
  assert.equal(statSync(paths.identity).mode & 0o777, 0o600);
});

test("a damaged identity file is named, with what to do", async () => {
  const paths = agentPaths(testDirectory());
  await writeIdentity(paths, identity);
  writeFileSync(paths.identity, '{"agentId":');
  await assert.rejects(readIdentity(paths), /identity.json is damaged; enrol this host again/);
});

test("the public part of a key holds no private part", () => {
  assert.deepEqual(Object.keys(publicKeyOf(createKey())).sort(), ["crv", "kty", "x"]);
});

test("a token is a valid EdDSA JWT by jose's judgement, in the server's time", async () => {
  const serverNow = 1_700_000_000_000;
  const token = createRequestToken(identity, () => serverNow)();
  const key = await importJWK({ ...publicKeyOf(identity.privateKey) }, "EdDSA");
  const { payload, protectedHeader } = await jwtVerify(token, key, {
    audience: agentAudience,
    issuer: "a1",
    currentDate: new Date(serverNow + 30_000),
  });
  assert.equal(protectedHeader.kid, "a1");
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 60);
});

test("a token is reused for 45 seconds, and signed anew when the clock estimate moves back", () => {
  let now = 1_700_000_000_000;
  const next = createRequestToken(identity, () => now);
  const first = next();
  now += 44_000;
  assert.equal(next(), first);
  now += 2_000;
  const second = next();
  assert.notEqual(second, first);
  now -= 60_000;
  assert.notEqual(next(), second);
});
