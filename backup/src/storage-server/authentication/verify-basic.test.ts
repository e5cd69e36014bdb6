import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { listPasswords, readPasswordFile, removePassword, setPassword } from "../password-file/index.ts";
import { bestEntry, createBasicVerifier } from "./index.ts";

const directory = mkdtempSync(join(tmpdir(), "mycloud-password-"));
after(() => rmSync(directory, { recursive: true }));
const now = () => 1_700_000_000_000;
const file = join(directory, "passwords.json");
const set = (repository: string, user: string, password: string) =>
  setPassword({ file, repository, user, password, now });
await set("alice/laptop", "alice", "right");
await set("alice/*", "alice", "below");

function verifier() {
  let monotonicMs = 0;
  const basic = createBasicVerifier({ entries: () => readPasswordFile(file), monotonicNow: () => monotonicMs });
  return {
    pass: (ms: number) => {
      monotonicMs += ms;
    },
    try: (password: string, more: { user?: string; repository?: string; address?: string } = {}) =>
      basic.verify({ user: "alice", repository: "alice/laptop", address: "192.0.2.1", password, ...more }),
  };
}

test("the file is for its owner only and holds no password", () => {
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const text = readFileSync(file, "utf8");
  assert.match(text, /\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.doesNotMatch(text, /right/);
});

test("a right password grants read and append, of the entry that fits most closely", async () => {
  const basic = verifier();
  assert.deepEqual(await basic.try("right"), {
    principal: "user:alice",
    repository: "alice/laptop",
    verbs: ["read", "append"],
    quotaBytes: null,
  });
  assert.equal((await basic.try("below", { repository: "alice/desk" })).repository, "alice/*");
  await assert.rejects(basic.try("below"), { status: 401 });
});

test("a wrong password, an unknown user and another repository are refused alike", async () => {
  const basic = verifier();
  const messages = await Promise.all(
    [basic.try("wrong"), basic.try("right", { user: "bob" }), basic.try("right", { repository: "bob/laptop" })].map(
      (trial) =>
        trial.then(
          () => "let in",
          (error: Error) => error.message,
        ),
    ),
  );
  assert.equal(new Set(messages).size, 1);
  assert.match(messages[0] ?? "", /password is wrong/);
});

test("ten wrong passwords make a client wait; others are let in, and it too after a while", async () => {
  const basic = verifier();
  for (let count = 0; count < 10; count++) await assert.rejects(basic.try(`wrong ${count}`), { status: 401 });
  await assert.rejects(basic.try("right"), { status: 429, headers: { "retry-after": "5" } });
  await basic.try("right", { address: "192.0.2.2" });
  basic.pass(5_000);
  await basic.try("right");
});

test("a new password ends the old one at once, though that was remembered", async () => {
  const basic = verifier();
  await set("bob", "bob", "old");
  const asBob = { user: "bob", repository: "bob" };
  await basic.try("old", asBob);
  await set("bob", "bob", "new");
  await assert.rejects(basic.try("old", asBob), { status: 401 });
  await basic.try("new", asBob);
  assert.equal(await removePassword({ file, repository: "bob", user: "bob" }), true);
  await assert.rejects(basic.try("new", asBob), { status: 401 });
  assert.equal(await removePassword({ file, repository: "bob", user: "bob" }), false);
});

test("a list tells who may what, without hashes", async () => {
  assert.deepEqual(await listPasswords(file, "alice/*"), [
    { repository: "alice/*", user: "alice", verbs: ["read", "append"], createdAtMs: now() },
  ]);
});

test("names that cannot be typed into a header or that mean a token are refused", async () => {
  for (const user of ["", "a:b", "token", "a\nb"]) await assert.rejects(set("a", user, "x"), /user is not/);
  await assert.rejects(set("../a", "u", "x"), /repository is not/);
  await assert.rejects(set("a", "u", ""), /empty/);
});

test("everything is covered by * where no single repository is asked for", async () => {
  const entries = await readPasswordFile(file);
  assert.equal(bestEntry(entries, "alice", null), undefined);
  assert.equal(bestEntry(entries, "alice", "alice/x/y")?.repository, "alice/*");
});
