import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { backUp } from "../archiver/index.ts";
import { openLocalBackend } from "../backend/local/index.ts";
import { idOf } from "../blob/index.ts";
import { byteString } from "../byte-string/index.ts";
import { withLock } from "../lock/index.ts";
import { initRepository } from "../repository/index.ts";
import { adoptPacks } from "./index.ts";

const root = await mkdtemp(join(tmpdir(), "mycloud-adoption-"));
after(() => rm(root, { recursive: true }));
const kdf = { N: 1024, r: 8, p: 1 };
let places = 0;

/** A repository with packs that no index mentions, as a client leaves it that was killed before it wrote one. */
async function interrupted() {
  const place = join(root, String(++places));
  const files = join(place, "files");
  await mkdir(files, { recursive: true });
  await writeFile(join(files, "one"), Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * at) >> 5)));
  const backend = openLocalBackend(join(place, "repository"));
  const repository = await initRepository(backend, { password: "x", kdf, now: Date.now });
  const options = { source: { kind: "paths", paths: [byteString(files)] }, hostname: "h", now: Date.now } as const;
  await backUp(repository, options);
  for (const type of ["index", "snapshots"] as const) {
    for (const { name } of await backend.list(type)) await backend.remove({ type, name });
  }
  await repository.loadIndex();
  return { backend, repository, options };
}

test("packs that no index mentions are entered, and what is in them is not stored again", async () => {
  const { backend, repository, options } = await interrupted();
  const before = await backend.list("data");
  assert.equal(repository.index.blobCount, 0);
  const { figures, snapshotId } = await backUp(repository, options);
  assert.ok(snapshotId !== null);
  assert.equal(figures.data_blobs, 0);
  const added = (await backend.list("data")).filter(({ name }) => !before.some((pack) => pack.name === name));
  const addedBytes = added.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  assert.ok(addedBytes < 10_000, "at most the trees above the files, which others change");
  assert.equal(await adoptPacks(repository, Date.now, AbortSignal.timeout(10_000)), 0, "they are known now");
});

test("a pack that cannot be read is left out", async () => {
  const { backend, repository } = await interrupted();
  const nonsense = Buffer.alloc(1000, 7);
  await backend.save({ type: "data", name: idOf(nonsense) }, nonsense);
  const files = await backend.list("data");
  assert.equal(await adoptPacks(repository, Date.now, AbortSignal.timeout(10_000)), files.length - 1);
});

test("while somebody else works on the repository, packs are left to them", async () => {
  const { repository } = await interrupted();
  const lock = { time: new Date().toISOString(), exclusive: false, hostname: "elsewhere", username: "u", pid: 1 };
  await repository.saveUnpacked("locks", lock);
  assert.equal(await adoptPacks(repository, Date.now, AbortSignal.timeout(10_000)), 0);
});

test("our own lock does not count as somebody else's", async () => {
  const { repository } = await interrupted();
  await withLock(repository, { isExclusive: false, now: Date.now }, async (signal) => {
    assert.ok((await adoptPacks(repository, Date.now, signal)) > 0);
  });
});
