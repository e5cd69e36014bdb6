import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { createSealer, findSecrets, hideSecrets, isSealed, mapSecrets } from "./index.ts";

test("what was sealed opens with the same master key and context only", () => {
  const masterKey = randomBytes(32);
  const sealed = createSealer(masterKey).seal("hunter2 ü", "Forward");
  assert.ok(isSealed(sealed));
  assert.ok(!sealed.includes("hunter2"));
  assert.equal(createSealer(masterKey).open(sealed, "Forward"), "hunter2 ü");
  assert.throws(() => createSealer(masterKey).open(sealed, "Contact"), /does not open/);
  assert.throws(() => createSealer(randomBytes(32)).open(sealed, "Forward"), /does not open/);
});

test("a sealed secret that was changed or cut off does not open", () => {
  const sealer = createSealer(randomBytes(32));
  const sealed = sealer.seal("hunter2", "Forward");
  const flipped = sealed.slice(0, -2) + (sealed.endsWith("AA") ? "BB" : "AA");
  for (const bad of [flipped, sealed.slice(0, 20), "hunter2", ""]) assert.throws(() => sealer.open(bad, "Forward"));
});

test("secrets are found by their field's name, however deep", () => {
  const value = {
    name: "password",
    target: { url: "x", password: "a", list: [{ token: "b" }, { secret: 3 }] },
    secret: "",
  };
  assert.deepEqual(
    [...findSecrets(value)],
    [
      ["target.password", "a"],
      ["target.list.0.token", "b"],
      ["secret", ""],
    ],
  );
  assert.deepEqual(hideSecrets(value), {
    name: "password",
    target: { url: "x", password: "********", list: [{ token: "********" }, { secret: 3 }] },
    secret: "",
  });
  assert.deepEqual(
    mapSecrets(value, (secret) => secret),
    value,
  );
});
