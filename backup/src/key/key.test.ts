import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openLocalBackend } from "../backend/local/index.ts";
import { idOf } from "../blob/index.ts";
import { encodeMasterKey } from "../crypto/index.ts";
import { DamagedError, InputError, NotFoundError, WrongPasswordError } from "../error/index.ts";
import { initRepository, openRepository } from "../repository/index.ts";
import { addKey, changePassword, listKeys, parseKeyFile, removeKey, searchKey } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "mycloud-key-"));
after(() => rmSync(root, { recursive: true }));
let count = 0;

const kdf = { N: 2, r: 8, p: 1 };
let clock = Date.UTC(2030, 0, 1);
const now = () => clock++;
const owner = (username: string) => ({ username, hostname: "host.example.org" });

async function newRepository() {
  const backend = openLocalBackend(join(root, String(count++)));
  const repository = await initRepository(backend, { password: "first", owner: owner("ann"), kdf, now });
  return {
    backend,
    repository,
    open: (password: string) => openRepository(backend, password, { cacheDirectory: null, now }),
  };
}

test("each password opens the same repository, and only these do", async () => {
  const { repository, open } = await newRepository();
  await addKey(repository, "second", { owner: owner("bob"), kdf, now });
  await addKey(repository, "drei ü", { owner: owner("eve"), kdf, now });
  for (const password of ["first", "second", "drei ü"]) {
    const opened = await open(password);
    assert.deepEqual(encodeMasterKey(opened.key), encodeMasterKey(repository.key));
    const keys = await listKeys(opened);
    assert.deepEqual(
      keys.map(({ username }) => username),
      ["ann", "bob", "eve"],
    );
    assert.equal(keys.find(({ isCurrent }) => isCurrent)?.id, opened.keyId);
  }
  for (const password of ["", "First", "first "]) await assert.rejects(open(password), WrongPasswordError);
});

test("a removed key opens nothing; the one in use and the last stay", async () => {
  const { repository, open } = await newRepository();
  const second = await addKey(repository, "second", { kdf, now });
  await assert.rejects(removeKey(repository, repository.keyId), InputError);
  await assert.rejects(removeKey(repository, "xyz"), NotFoundError);
  await assert.rejects(removeKey(repository, ""), NotFoundError);
  assert.equal(await removeKey(repository, second.slice(0, 10)), second);
  await assert.rejects(open("second"), WrongPasswordError);
  await assert.rejects(
    removeKey(
      Object.create(repository, { keyId: { value: "" }, backend: { value: repository.backend } }),
      repository.keyId,
    ),
    /the last/,
  );
  await open("first");
});

test("a beginning that several keys share names none", async () => {
  const { repository } = await newRepository();
  // With 17 keys at least two begin with the same digit.
  for (let i = 0; i < 17; i++) await addKey(repository, `p${i}`, { kdf, now });
  const firsts = (await listKeys(repository)).map((key) => key.id[0] ?? "");
  const shared = firsts.find((digit, i) => firsts.indexOf(digit) !== i);
  await assert.rejects(removeKey(repository, shared ?? ""), /more than one key/);
});

test("a changed password replaces the old one", async () => {
  const { repository, open } = await newRepository();
  await changePassword(repository, "new", { kdf, now });
  await assert.rejects(open("first"), WrongPasswordError);
  assert.equal((await listKeys(await open("new"))).length, 1);
  await assert.rejects(changePassword(repository, "", { kdf, now }), InputError);
});

test("a damaged key locks out nobody but its own", async () => {
  const { backend, repository, open } = await newRepository();
  await backend.save({ type: "keys", name: "00".repeat(32) }, Buffer.from("{}"));
  await backend.save({ type: "keys", name: idOf(Buffer.from("[]")) }, Buffer.from("[]"));
  await open("first");
  await assert.rejects(
    open("wrong"),
    (error) => error instanceof WrongPasswordError && /2 more that cannot be read/.test(error.message),
  );
  assert.equal((await listKeys(repository)).length, 1);
});

test("a key of which only the description is damaged still opens", async () => {
  const { backend, repository, open } = await newRepository();
  const file = join(backend.location, "keys", repository.keyId);
  chmodSync(file, 0o600);
  writeFileSync(file, readFileSync(file, "utf8").replace("host.example.org", "host.examplf.org"));
  assert.equal((await open("first")).keyId, repository.keyId);
  await assert.rejects(
    open("wrong"),
    (error) => error instanceof DamagedError && error.object === `keys/${repository.keyId}`,
  );
});

test("at most 20 keys are tried, the one hinted at first", async () => {
  const { backend, repository } = await newRepository();
  for (let i = 0; i < 24; i++) await addKey(repository, `password ${i}`, { kdf, now });
  const ids = (await listKeys(repository)).map(({ id }) => id);
  const last = [...ids].sort().at(-1)!;
  const password = last === repository.keyId ? "first" : `password ${ids.indexOf(last) - 1}`;
  await assert.rejects(searchKey(backend, password), /only the first 20 were tried/);
  assert.equal((await searchKey(backend, password, { hint: last })).keyId, last);
});

test("a key file of another form is damaged, and says how", () => {
  const valid = {
    created: "",
    username: "",
    hostname: "",
    kdf: "scrypt",
    N: 2,
    r: 8,
    p: 1,
    salt: "AAAA",
    data: "AAAA",
  };
  assert.equal(parseKeyFile("x", Buffer.from(JSON.stringify({ ...valid, other: 1 }))).N, 2);
  for (const change of [{ kdf: "argon2" }, { N: 0 }, { N: 1.5 }, { salt: "!" }, { data: 3 }, { p: undefined }]) {
    assert.throws(() => parseKeyFile("x", Buffer.from(JSON.stringify({ ...valid, ...change }))), DamagedError);
  }
  assert.throws(() => parseKeyFile("x", Buffer.from("no JSON")), DamagedError);
});
