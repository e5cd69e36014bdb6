import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Backend } from "../backend/index.ts";
import { openLocalBackend } from "../backend/local/index.ts";
import { type BlobType, idOf, type PackedBlob } from "../blob/index.ts";
import { createCipher, encodeMasterKey, generateMasterKey } from "../crypto/index.ts";
import { DamagedError, ExistsError, InputError, NotFoundError, WrongPasswordError } from "../error/index.ts";
import { saveIndex } from "../index/index.ts";
import { makeKeyFile } from "../key/index.ts";
import { createPackBuilder } from "../pack/index.ts";
import { encodeConfig } from "./config.ts";
import { initRepository, openRepository, type Repository } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "mycloud-repository-"));
after(() => rmSync(root, { recursive: true }));
let count = 0;

const cheap = { N: 2, r: 8, p: 1 };
const now = () => Date.UTC(2030, 0, 1);
const open = (backend: Backend, password = "secret") =>
  openRepository(backend, password, { cacheDirectory: null, now });

async function newRepository(version: 1 | 2 = 2) {
  const path = join(root, String(count++));
  const backend = openLocalBackend(path);
  const repository = await initRepository(backend, { password: "secret", version, kdf: cheap, now });
  return { path, backend, repository };
}

async function storePack(repository: Repository, type: BlobType, blobs: readonly Buffer[]) {
  const builder = createPackBuilder({ type, cipher: createCipher(repository.key) });
  for (const blob of blobs) builder.add(idOf(blob), blob, null);
  const pack = builder.finish()!;
  await repository.backend.save({ type: "data", name: pack.id }, pack.bytes);
  await saveIndex(repository, [pack]);
  return pack;
}

/** The path of a stored file of a local repository. */
const fileOf = (path: string, type: string, name: string) =>
  type === "data" ? join(path, type, name.slice(0, 2), name) : join(path, type, name);

function damage(file: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  change(bytes);
  chmodSync(file, 0o600);
  writeFileSync(file, bytes);
}

for (const version of [1, 2] as const) {
  test(`a repository of version ${version} gives back documents and blobs`, async () => {
    const { backend, repository } = await newRepository(version);
    assert.equal(repository.config.version, version);
    const document = { packs: [], note: "ä".repeat(500) };
    const id = await repository.saveUnpacked("index", document);
    const [blob, other] = [randomBytes(5000), Buffer.from("text")];
    await storePack(repository, "data", [blob, other]);

    const again = await open(backend);
    assert.deepEqual(again.config, repository.config);
    assert.deepEqual(encodeMasterKey(again.key), encodeMasterKey(repository.key));
    assert.equal(again.keyId, repository.keyId);
    assert.deepEqual(await again.loadUnpacked("index", id), document);
    await again.loadIndex();
    assert.deepEqual(Buffer.from(await again.loadBlob("data", idOf(blob))), blob);
    assert.deepEqual(Buffer.from(await again.loadBlob("data", idOf(other))), other);
    await assert.rejects(again.loadBlob("tree", idOf(blob)), NotFoundError);
    assert.deepEqual([...again.index.obsoleteIndexIds], [id], "an index file without packs is of no use");
    const stored = await backend.load({ type: "index", name: id });
    assert.equal(stored.length < 500, version === 2, "documents are compressed in version 2 only");
  });
}

test("there is one repository in a place", async () => {
  const { backend } = await newRepository();
  await assert.rejects(initRepository(backend, { password: "other", kdf: cheap, now }), ExistsError);
  await open(backend);
  assert.equal((await backend.list("keys")).length, 1);
});

test("an attempt that was killed before the config is gone on from, whatever the password is then", async () => {
  for (const password of ["secret", "another"]) {
    const { path, backend } = await newRepository();
    chmodSync(join(path, "config"), 0o600);
    rmSync(join(path, "config"));
    await initRepository(backend, { password, kdf: cheap, now });
    await open(backend, password);
    assert.equal((await backend.list("keys")).length, password === "secret" ? 1 : 2);
  }
});

test("a key with the same password that is not the repository's does no harm", async () => {
  for (let i = 0; i < 4; i++) {
    const { backend, repository } = await newRepository();
    const stray = await makeKeyFile(generateMasterKey(), "secret", { kdf: cheap, now });
    await backend.save({ type: "keys", name: idOf(stray) }, stray);
    assert.equal((await open(backend)).keyId, repository.keyId);
  }
});

test("an empty password makes no repository", async () => {
  const backend = openLocalBackend(join(root, String(count++)));
  await assert.rejects(initRepository(backend, { password: "", kdf: cheap, now }), InputError);
  assert.equal(await backend.stat({ type: "config", name: "" }), null);
});

test("a repository can cut files as another does", async () => {
  const { repository } = await newRepository();
  const backend = openLocalBackend(join(root, String(count++)));
  const twin = await initRepository(backend, { password: "x", copyChunkerFrom: repository.config, kdf: cheap, now });
  assert.equal(twin.config.chunkerPolynomial, repository.config.chunkerPolynomial);
  assert.notEqual(twin.config.id, repository.config.id);
});

test("a wrong password and a place without repository are told apart", async () => {
  const { backend } = await newRepository();
  await assert.rejects(open(backend, "wrong"), WrongPasswordError);
  await assert.rejects(open(openLocalBackend(join(root, "none"))), NotFoundError);
});

test("a version of the format that is not known is refused, not guessed at", async () => {
  const { path, backend, repository } = await newRepository();
  for (const [config, error] of [
    [{ ...repository.config, version: 3 as never }, InputError],
    [{ ...repository.config, id: "x" }, DamagedError],
  ] as const) {
    const sealed = createCipher(repository.key).seal(encodeConfig(config));
    chmodSync(join(path, "config"), 0o600);
    writeFileSync(join(path, "config"), sealed);
    await assert.rejects(open(backend), error);
  }
});

test("a changed or cut file of any type is damaged, by name", async () => {
  const { path, backend, repository } = await newRepository();
  const pack = await storePack(repository, "data", [randomBytes(500)]);
  const [index] = await backend.list("index");
  const id = await repository.saveUnpacked("snapshots", { any: "document" });
  for (const [object, use] of [
    ["config", () => open(backend)],
    [`keys/${repository.keyId}`, () => open(backend)],
    [`index/${index!.name}`, async () => await (await open(backend)).loadIndex()],
    [`snapshots/${id}`, () => repository.loadUnpacked("snapshots", id)],
    [`data/${pack.id}`, () => repository.loadBlob("data", pack.blobs[0]!.id)],
  ] as const) {
    const [type, name] = object.split("/") as [string, string];
    const file = name === undefined ? join(path, type) : fileOf(path, type, name);
    const sound = readFileSync(file);
    const isThis = (error: unknown) => error instanceof DamagedError && error.object === object;
    damage(file, (bytes) => (bytes[bytes.length >> 1]! ^= 1));
    await assert.rejects(async () => await use(), isThis, `one bit of ${object}`);
    writeFileSync(file, sound);
    truncateSync(file, sound.length >> 1);
    await assert.rejects(async () => await use(), isThis, `${object} cut`);
    truncateSync(file, 0);
    await assert.rejects(async () => await use(), isThis, `${object} empty`);
    writeFileSync(file, sound);
    await use();
  }
});

test("a blob is found in its second pack when the first is damaged or gone", async () => {
  const { path, backend, repository } = await newRepository();
  const blob = randomBytes(1000);
  const packs = [
    await storePack(repository, "data", [blob]),
    await storePack(repository, "data", [blob, randomBytes(10)]),
  ];
  const again = await open(backend);
  await again.loadIndex();
  assert.equal(again.index.findAll("data", idOf(blob)).length, 2);
  const [first, second] = again.index.findAll("data", idOf(blob)).map(({ packId }) => fileOf(path, "data", packId));
  damage(first!, (bytes) => (bytes[100]! ^= 1));
  assert.deepEqual(Buffer.from(await again.loadBlob("data", idOf(blob))), blob);
  rmSync(first!);
  assert.deepEqual(Buffer.from(await again.loadBlob("data", idOf(blob))), blob);
  rmSync(second!);
  await assert.rejects(
    again.loadBlob("data", idOf(blob)),
    (error) => error instanceof DamagedError && /does not exist/.test(error.message),
  );
  assert.equal(packs.length, 2);
});

test("one bad read is no damage", async () => {
  const { backend, repository } = await newRepository();
  const pack = await storePack(repository, "data", [randomBytes(100)]);
  const id = await repository.saveUnpacked("snapshots", { any: "document" });
  const seen = new Set<string>();
  const flaky: Backend = Object.create(backend, {
    load: {
      value: async (...args: Parameters<Backend["load"]>) => {
        const bytes = await backend.load(...args);
        if (!seen.has(args[0].name + args[0].type)) bytes[40]! ^= 1;
        seen.add(args[0].name + args[0].type);
        return bytes;
      },
    },
    list: { value: backend.list.bind(backend) },
    stat: { value: backend.stat.bind(backend) },
  });
  const again = await openRepository(flaky, "secret", { cacheDirectory: null, now });
  await again.loadIndex();
  await again.loadUnpacked("snapshots", id);
  await again.loadBlob("data", pack.blobs[0]!.id);
  assert.ok(seen.size >= 5);
});

test("an index that lies about a blob yields no wrong bytes", async () => {
  const { repository } = await newRepository();
  const pack = await storePack(repository, "data", [Buffer.from("one"), Buffer.from("two")]);
  const [one, two] = pack.blobs as [PackedBlob, PackedBlob];
  const wrong = idOf(Buffer.from("wrong"));
  repository.index.removePacks(new Set([pack.id]));
  repository.index.addPack(
    pack.id,
    [
      { ...two, id: one.id },
      { ...one, id: two.id, uncompressedLength: 3 },
      { ...one, id: wrong, length: 10 ** 9 },
    ],
    null,
  );
  for (const id of [one.id, two.id, wrong]) await assert.rejects(repository.loadBlob("data", id), DamagedError);
});

test("a load that goes on past damaged index files names them", async () => {
  const { path, backend, repository } = await newRepository();
  const packs = [
    await storePack(repository, "data", [Buffer.from("a")]),
    await storePack(repository, "data", [Buffer.from("b")]),
  ];
  const [first] = await backend.list("index");
  damage(fileOf(path, "index", first!.name), (bytes) => (bytes[20]! ^= 1));
  const damaged: string[] = [];
  const again = await open(backend);
  await again.loadIndex(undefined, { onDamaged: (id) => damaged.push(id) });
  assert.deepEqual(damaged, [first!.name]);
  assert.equal([...again.index.packs()].length, packs.length - 1);
});

test("an index file that another supersedes counts for nothing", async () => {
  const { backend, repository } = await newRepository();
  await storePack(repository, "data", [Buffer.from("a")]);
  const [old] = await backend.list("index");
  const kept = await storePack(repository, "data", [Buffer.from("b")]);
  const unknown = idOf(Buffer.from("long gone"));
  await repository.saveUnpacked("index", { supersedes: [old!.name, unknown], packs: [] });
  const again = await open(backend);
  await again.loadIndex();
  assert.deepEqual(
    [...again.index.packs()].map(({ id }) => id),
    [kept.id],
  );
  assert.ok(again.index.obsoleteIndexIds.has(old!.name));
  assert.equal(again.index.has("data", idOf(Buffer.from("a"))), false);
});
