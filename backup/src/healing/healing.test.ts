import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inBackupPlace } from "../archiver/testing/backup-place.ts";
import type { Backend } from "../backend/index.ts";
import type { Id } from "../blob/index.ts";
import type { Repository } from "../repository/index.ts";

/** A server that wants some packs again. */
function wanting(backend: Backend, wanted: Set<Id>): Backend {
  return new Proxy(backend, {
    get(target, property) {
      if (property === "listWanted") return () => Promise.resolve([...wanted]);
      const value = Reflect.get(target, property);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Flips a bit in the middle of each pack of a repository directory; the packs' names. */
async function damagePacks(repository: Repository, type: "data" | "tree"): Promise<Id[]> {
  await repository.loadIndex();
  const names: Id[] = [];
  for (const { id } of [...repository.index.packs()]) {
    const blob = repository.index.blobsOfPack(id)[0];
    if (blob?.type !== type) continue;
    const path = join(repository.backend.location, "data", id.slice(0, 2), id);
    const bytes = readFileSync(path);
    const at = blob.offset + (blob.length >> 1);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    chmodSync(path, 0o600);
    writeFileSync(path, bytes);
    names.push(id);
  }
  return names;
}

for (const type of ["data", "tree"] as const) {
  test(`a damaged pack of ${type} blobs is healed by the next backup, and gone then`, async () => {
    const wanted = new Set<Id>();
    await inBackupPlace(
      async ({ source, back, read, repository }) => {
        for (let i = 0; i < 20; i++) writeFileSync(join(source, `f${i}`), `content ${i} `.repeat(100));
        const first = await back();
        for (const id of await damagePacks(repository, type)) wanted.add(id);
        const second = await back();
        assert.deepEqual(new Set(second.healing?.removedPacks), wanted);
        assert.deepEqual(second.healing?.lostBlobs, []);
        assert.equal(second.isIncomplete, false);
        // One blob was broken; the others of its pack still opened. Without its tree a directory's files are all read again.
        const { files_new, files_changed, data_blobs } = second.figures;
        assert.equal(files_new + files_changed, type === "data" ? 1 : 20);
        assert.equal(data_blobs, type === "data" ? 20 : 0);
        for (const { name } of await repository.backend.list("data")) assert.ok(!wanted.has(name));
        wanted.clear();
        assert.equal((await back()).healing, null);
        for (const treeId of [first.treeId, second.treeId]) {
          assert.equal((await read(treeId)).get("f7")?.content, "content 7 ".repeat(100));
        }
      },
      (backend) => wanting(backend, wanted),
    );
  });
}

test("a blob that no file has any more is named, and its pack stays", async () => {
  const wanted = new Set<Id>();
  await inBackupPlace(
    async ({ source, back, repository }) => {
      writeFileSync(join(source, "file"), "old content");
      await back();
      writeFileSync(join(source, "file"), "new content");
      for (const id of await damagePacks(repository, "data")) wanted.add(id);
      const second = await back();
      assert.equal(second.healing?.lostBlobs.length, 1);
      assert.deepEqual(second.healing?.removedPacks, []);
      const names = (await repository.backend.list("data")).map(({ name }) => name);
      assert.ok([...wanted].every((id) => names.includes(id)));
    },
    (backend) => wanting(backend, wanted),
  );
});
