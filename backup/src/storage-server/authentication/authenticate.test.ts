import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createAuthenticator, createBasicVerifier, createTokenVerifier } from "./index.ts";

function authenticator(isOpen = false) {
  return createAuthenticator({
    isOpen,
    basic: createBasicVerifier({ entries: async () => [], monotonicNow: () => 0 }),
    tokens: createTokenVerifier({ keys: async () => [], revoked: async () => new Set(), now: () => 0 }),
  });
}

const ask = (authorization: string | undefined, isOpen?: boolean) =>
  authenticator(isOpen).authenticate({ authorization, address: "192.0.2.1", repository: "a" });

test("whoever shows nothing, or nothing that can be read, is asked who they are", async () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  for (const header of [
    undefined,
    "",
    "Basic",
    "Bearer",
    "Basic !!!",
    `Basic ${base64("nocolon")}`,
    "Digest x",
    "basic",
  ])
    await assert.rejects(ask(header), { status: 401 }, header);
  for (const header of [
    `Basic ${base64("u:p")}`,
    `BASIC ${base64("u:")}`,
    `Basic ${base64("token:x.y.z")}`,
    "bearer x",
  ])
    await assert.rejects(ask(header), { status: 401 }, header);
});

test("no header, however odd, lets anybody in or makes the server fail", async () => {
  const part = fc.constantFrom(
    "Basic ",
    "Bearer ",
    "bearer",
    "eyJhbGciOiJub25lIn0.e30.",
    ":",
    "\0",
    "\n",
    "dTpw",
    "=",
    " ",
  );
  const header = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.array(part, { maxLength: 6 }).map((parts) => parts.join("")),
  );
  await fc.assert(
    fc.asyncProperty(header, async (text) => {
      await assert.rejects(ask(text), { status: 401 });
    }),
    { numRuns: 150 },
  );
});

test("an open server asks nobody", async () => {
  assert.equal((await ask(undefined, true)).principal, "anybody");
});
