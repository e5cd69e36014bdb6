import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { idOf } from "../blob/index.ts";
import { selectEvicted } from "./eviction.ts";
import { openCache } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "mycloud-cache-"));
after(() => rmSync(root, { recursive: true }));
const repositoryId = "ab".repeat(32);
let clock = 1_900_000_000_000;
const now = () => (clock += 1000);
let count = 0;

async function newCache(capacityBytes?: number) {
  const directory = join(root, String(count++));
  const cache = (await openCache(directory, repositoryId, { now, ...(capacityBytes && { capacityBytes }) }))!;
  return { directory, cache, fileOf: (type: string, id: string) => join(directory, repositoryId, type, id) };
}

test("what was put is there, whole and in part; other types are not kept", async () => {
  const { cache } = await newCache();
  const bytes = randomBytes(1000);
  const id = idOf(bytes);
  for (const type of ["index", "snapshots", "data"]) {
    assert.equal(await cache.get(type, id), null);
    await cache.put(type, id, bytes);
    assert.deepEqual(await cache.get(type, id), bytes);
  }
  assert.deepEqual(Buffer.from((await cache.getRange(id, { offset: 10, length: 20 }))!), bytes.subarray(10, 30));
  await cache.put("locks", id, bytes);
  assert.equal(await cache.get("locks", id), null);
});

test("a damaged entry is dropped, not returned", async () => {
  const { cache, fileOf } = await newCache();
  const bytes = randomBytes(1000);
  const id = idOf(bytes);
  await cache.put("index", id, bytes);
  await cache.put("data", id, bytes);
  writeFileSync(fileOf("index", id), randomBytes(1000));
  assert.equal(await cache.get("index", id), null);
  assert.deepEqual(readdirSync(join(fileOf("index", id), "..")), []);
  truncateSync(fileOf("data", id), 500);
  assert.equal(await cache.getRange(id, { offset: 400, length: 200 }), null);
  assert.equal(await cache.getRange(id, { offset: 0, length: 10 }), null);
});

test("entries that the repository no longer has go", async () => {
  const { cache, directory } = await newCache();
  const kept = randomBytes(10);
  const gone = randomBytes(10);
  for (const bytes of [kept, gone]) await cache.put("snapshots", idOf(bytes), bytes);
  await cache.keepOnly("snapshots", new Set([idOf(kept)]));
  assert.deepEqual(readdirSync(join(directory, repositoryId, "snapshots")), [idOf(kept)]);
});

test("packs beyond the capacity push out those not used for longest", async () => {
  const { cache } = await newCache(10_000);
  const packs = Array.from({ length: 10 }, () => randomBytes(1000));
  for (const pack of packs) await cache.put("data", idOf(pack), pack);
  const [first, second] = packs as [Buffer, Buffer];
  assert.notEqual(await cache.getRange(idOf(first), { offset: 0, length: 1 }), null);
  const next = randomBytes(1000);
  await cache.put("data", idOf(next), next);
  assert.notEqual(await cache.get("data", idOf(first)), null, "used a moment ago");
  assert.notEqual(await cache.get("data", idOf(next)), null);
  assert.equal(await cache.get("data", idOf(second)), null);
  const huge = randomBytes(5000);
  await cache.put("data", idOf(huge), huge);
  assert.equal(await cache.get("data", idOf(huge)), null, "one pack does not push out most others");
});

test("what stays fits, and everything stays that fits", () => {
  const entry = fc.record({
    name: fc.constant(""),
    path: fc.constant(""),
    sizeBytes: fc.nat(1000),
    usedAtMs: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(entry), fc.integer({ min: 1, max: 5000 }), (entries, capacity) => {
      const evicted = new Set(selectEvicted(entries, capacity));
      const left = entries.filter((each) => !evicted.has(each));
      const sum = left.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);
      assert.ok(sum <= capacity);
      const whole = entries.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);
      assert.equal(evicted.size === 0, whole <= capacity);
      const newestEvicted = Math.max(-1, ...[...evicted].map(({ usedAtMs }) => usedAtMs));
      for (const { usedAtMs } of left) assert.ok(usedAtMs >= newestEvicted);
    }),
  );
});

test("a cache that vanishes or cannot be written costs nothing but its use", async () => {
  const { cache, directory } = await newCache();
  const bytes = randomBytes(10);
  rmSync(directory, { recursive: true });
  assert.equal(await cache.get("index", idOf(bytes)), null);
  await cache.put("index", idOf(bytes), bytes);
  assert.deepEqual(await cache.get("index", idOf(bytes)), bytes);
  await cache.keepOnly("data", new Set());
  writeFileSync(join(root, "file"), "");
  assert.equal(await openCache(join(root, "file"), repositoryId, { now }), null);
  assert.equal(await openCache("/dev/null/none", repositoryId, { now }), null);
});

test("backup programs are told to leave the cache out", async () => {
  const { directory } = await newCache();
  assert.match(readFileSync(join(directory, "CACHEDIR.TAG"), "utf8"), /^Signature: 8a477f597d28d172789f06886806bc55/);
});
