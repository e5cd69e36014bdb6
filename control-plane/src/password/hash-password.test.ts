import assert from "node:assert/strict";
import { it } from "node:test";
import { createPasswordHasher } from "./hash-password.ts";

const passwords = createPasswordHasher();

it("a password verifies against its own hash only, and no two hashes are alike", async () => {
  const [first, second] = [await passwords.hash("pässword one"), await passwords.hash("pässword one")];
  assert.match(first, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.notEqual(first, second);
  assert.equal(await passwords.verify("pässword one", first), true);
  // The same letters, composed otherwise.
  assert.equal(await passwords.verify("pässword one", second), true);
  assert.equal(await passwords.verify("password one", first), false);
});

it("no stored hash, or one that is none, verifies nothing and takes as long", async () => {
  const stored = await passwords.hash("a password");
  const time = async (hash: string | null) => {
    const startedAt = performance.now();
    assert.equal(await passwords.verify("another", hash), false);
    return performance.now() - startedAt;
  };
  const [known, unknown] = [await time(stored), await time(null)];
  assert.ok(unknown > known / 4, `${unknown} ms beside ${known} ms`);
  assert.equal(await passwords.verify("a", "plain"), false);
});

it("when too many wait, the next is told to come again", async () => {
  const busy = createPasswordHasher();
  const outcomes = await Promise.allSettled(Array.from({ length: 80 }, () => busy.verify("x", null)));
  assert.equal(outcomes.filter(({ status }) => status === "rejected").length, 14);
  assert.equal(await busy.verify("x", null), false);
});
