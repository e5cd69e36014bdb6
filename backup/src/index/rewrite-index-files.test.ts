import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openLocalBackend } from "../backend/local/index.ts";
import { type Id, idOf, type PackedBlob } from "../blob/index.ts";
import { initRepository, openRepository, type Repository } from "../repository/index.ts";
import { rewriteIndexFiles, saveIndex } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "mycloud-rewrite-index-"));
after(() => rmSync(root, { recursive: true }));
const now = Date.now;
let count = 0;

const pack = (name: string, blobs = 3) => ({
  id: idOf(Buffer.from(name)),
  blobs: Array.from(
    { length: blobs },
    (_, i): PackedBlob => ({
      id: idOf(Buffer.from(`${name} ${i}`)),
      type: "data",
      offset: i * 50,
      length: 50,
      uncompressedLength: i === 0 ? null : 99,
    }),
  ),
});
const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => pack(name)) as [Pack, Pack, Pack, Pack];
type Pack = ReturnType<typeof pack>;

/** A repository whose first index file mentions a and b, the second c. */
async function newRepository(): Promise<Repository> {
  const repository = await initRepository(openLocalBackend(join(root, String(count++))), {
    password: "x",
    kdf: { N: 2, r: 8, p: 1 },
    now,
  });
  await saveIndex(repository, [a, b]);
  await saveIndex(repository, [c]);
  return repository;
}

async function reopen(location: string): Promise<Repository> {
  const repository = await openRepository(openLocalBackend(location), "x", { cacheDirectory: null, now });
  await repository.loadIndex();
  return repository;
}

const packsIn = (repository: Repository) =>
  new Map(Array.from(repository.index.packs(), ({ id, indexIds }) => [id, indexIds]));

async function assertHas(repository: Repository, packs: readonly Pack[], what: string): Promise<void> {
  const found = packsIn(repository);
  for (const { id, blobs } of packs) {
    assert.ok(found.has(id), what);
    assert.deepEqual(repository.index.blobsOfPack(id), blobs, what);
  }
}

test("removed packs are in no index file, the others still are, added ones as well", async () => {
  const repository = await newRepository();
  const [untouched] = packsIn(repository).get(c.id)!;
  await rewriteIndexFiles(repository, { removePacks: new Set([a.id]), addPacks: [d] });
  const again = await reopen(repository.backend.location);
  for (const each of [repository, again]) {
    await assertHas(each, [b, c, d], "kept");
    assert.equal(packsIn(each).size, 3);
    assert.equal(each.index.has("data", a.blobs[0]!.id), false);
    assert.deepEqual(packsIn(each).get(c.id), [untouched]);
    assert.equal(each.index.obsoleteIndexIds.size, 0);
  }
  assert.deepEqual(packsIn(again), packsIn(repository));
  assert.equal((await repository.backend.list("index")).length, 2);
});

test("a full rewrite leaves as few files as possible", async () => {
  const repository = await newRepository();
  await repository.saveUnpacked("index", { packs: [] });
  const again = await reopen(repository.backend.location);
  await rewriteIndexFiles(again, { isFull: true });
  assert.equal((await repository.backend.list("index")).length, 1);
  await assertHas(await reopen(repository.backend.location), [a, b, c], "kept");
});

test("when all packs go, all index files go", async () => {
  const repository = await newRepository();
  await rewriteIndexFiles(repository, { removePacks: new Set([a.id, b.id, c.id]) });
  assert.deepEqual(await repository.backend.list("index"), []);
  assert.equal(repository.index.blobCount, 0);
});

test("packs that were added but are in no index file yet are not forgotten", async () => {
  const repository = await newRepository();
  repository.index.addPack(d.id, d.blobs, null);
  await rewriteIndexFiles(repository, { removePacks: new Set([c.id]) });
  await assertHas(await reopen(repository.backend.location), [a, b, d], "kept");
});

test("a pack that two index files mention is complete when one of them goes", async () => {
  const repository = await newRepository();
  const more = {
    id: a.id,
    blobs: pack("more", 5)
      .blobs.slice(3)
      .map((blob) => ({ ...blob, offset: blob.offset + 1000 })),
  };
  await saveIndex(repository, [more, d]);
  await rewriteIndexFiles(repository, { removePacks: new Set([d.id]) });
  const again = await reopen(repository.backend.location);
  assert.deepEqual(again.index.blobsOfPack(a.id), [...a.blobs, ...more.blobs]);
});

test("many blobs go into several files, of which only the last supersedes", async () => {
  const repository = await newRepository();
  const large = Array.from({ length: 3 }, (_, i) => pack(`large ${i}`, 30_000));
  await rewriteIndexFiles(repository, { addPacks: large, isFull: true });
  const files = await repository.backend.list("index");
  assert.equal(files.length, 2);
  const documents = await Promise.all(files.map(({ name }) => repository.loadUnpacked("index", name)));
  const superseding = documents.map((document) => (document as { supersedes?: Id[] }).supersedes?.length ?? 0);
  assert.deepEqual(superseding.sort(), [0, 2]);
  await assertHas(await reopen(repository.backend.location), [a, b, c, ...large], "kept");
});

const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
const program = `
  import { openLocalBackend } from ${module("../backend/local/index.ts")};
  import { openRepository } from ${module("../repository/index.ts")};
  import { rewriteIndexFiles } from ${module("./index.ts")};
  const repository = await openRepository(openLocalBackend(process.env.PLACE), "x", { cacheDirectory: null, now: Date.now });
  await repository.loadIndex();
  await rewriteIndexFiles(repository, { removePacks: new Set([process.env.REMOVED]), isFull: true });`;

test("killed at any point, everything that stays is found, and doing it again finishes it", async () => {
  const template = await newRepository();
  const points = [
    "index/before-new-index",
    "durable-file/written",
    "durable-file/synced",
    "durable-file/renamed",
    "index/new-index-saved",
    "index/old-index-removed",
    "index/old-index-removed:2",
  ];
  for (const point of points) {
    const place = join(root, String(count++));
    cpSync(template.backend.location, place, { recursive: true });
    const env = { ...process.env, PLACE: place, REMOVED: a.id };
    const { signal, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
      env: { ...env, MYCLOUD_FAULT_POINT: point },
      encoding: "utf8",
    });
    assert.equal(signal, "SIGKILL", `${point}: ${stderr}`);
    await assertHas(await reopen(place), [b, c], point);
    const repository = await reopen(place);
    await rewriteIndexFiles(repository, { removePacks: new Set([a.id]), isFull: true });
    const again = await reopen(place);
    await assertHas(again, [b, c], point);
    assert.equal(packsIn(again).size, 2, point);
    assert.equal((await again.backend.list("index")).length, 1, point);
  }
});
