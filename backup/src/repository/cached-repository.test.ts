import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Backend, FileHandle } from "../backend/index.ts";
import { openLocalBackend } from "../backend/local/index.ts";
import { idOf } from "../blob/index.ts";
import { createCipher } from "../crypto/index.ts";
import { rewriteIndexFiles, saveIndex } from "../index/index.ts";
import { createPackBuilder } from "../pack/index.ts";
import { initRepository, openRepository } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "mycloud-cached-repository-"));
after(() => rmSync(root, { recursive: true }));
const now = Date.now;

/** A local backend that says it is far away, and what is loaded from it. */
function remoteBackend(path: string): { backend: Backend; loads: FileHandle[] } {
  const local = openLocalBackend(path);
  const loads: FileHandle[] = [];
  const backend: Backend = {
    location: local.location,
    isRemote: true,
    connections: local.connections,
    create: (signal) => local.create(signal),
    save: (handle, bytes, signal) => local.save(handle, bytes, signal),
    load: (handle, range, signal) => {
      loads.push(handle);
      return local.load(handle, range, signal);
    },
    stat: (handle, signal) => local.stat(handle, signal),
    list: (type, signal) => local.list(type, signal),
    remove: (handle, signal) => local.remove(handle, signal),
    listWanted: (signal) => local.listWanted(signal),
    close: () => local.close(),
  };
  return { backend, loads };
}

test("index, snapshots and trees come from the cache the second time, and damage there does no harm", async () => {
  const { backend, loads } = remoteBackend(join(root, "repository"));
  const cacheDirectory = join(root, "cache");
  const made = await initRepository(backend, { password: "x", kdf: { N: 2, r: 8, p: 1 }, now });
  const treeBytes = ["\n", " \n"].map((end) => Buffer.from(`{"nodes":[]}${end}`));
  const trees = treeBytes.map((tree) => {
    const builder = createPackBuilder({ type: "tree", cipher: createCipher(made.key) });
    builder.add(idOf(tree), tree, null);
    return builder.finish()!;
  });
  for (const pack of trees) await backend.save({ type: "data", name: pack.id }, pack.bytes);
  await saveIndex(made, trees);
  const snapshot = await made.saveUnpacked("snapshots", { any: "document" });

  const use = async () => {
    loads.length = 0;
    const repository = await openRepository(backend, "x", { cacheDirectory, now });
    await repository.loadIndex();
    await repository.loadUnpacked("snapshots", snapshot);
    for (const tree of treeBytes) assert.deepEqual(await repository.loadTree(idOf(tree)), []);
    return repository;
  };
  await use();
  assert.deepEqual(loads.map(({ type }) => type).sort(), ["config", "data", "data", "index", "keys", "snapshots"]);
  await use();
  assert.deepEqual(loads.map(({ type }) => type).sort(), ["config", "keys"]);

  const cached = join(cacheDirectory, made.config.id);
  for (const type of readdirSync(cached)) {
    for (const name of readdirSync(join(cached, type))) writeFileSync(join(cached, type, name), Buffer.alloc(10_000));
  }
  const repository = await use();
  assert.deepEqual(loads.map(({ type }) => type).sort(), ["config", "data", "data", "index", "keys", "snapshots"]);

  const [first] = trees;
  await rewriteIndexFiles(repository, { removePacks: new Set([first!.id]) });
  await backend.remove({ type: "data", name: first!.id });
  await backend.remove({ type: "snapshots", name: snapshot });
  const later = await openRepository(backend, "x", { cacheDirectory, now });
  await later.loadIndex();
  assert.deepEqual(
    readdirSync(join(cached, "data")).filter((name) => name === first!.id),
    [],
  );
  assert.equal(readdirSync(join(cached, "index")).length, 1);
  assert.deepEqual(readdirSync(join(cached, "snapshots")), []);
});

test("a repository on this machine is not cached", async () => {
  const backend = openLocalBackend(join(root, "local"));
  const { config } = await initRepository(backend, { password: "x", kdf: { N: 2, r: 8, p: 1 }, now });
  const cacheDirectory = join(root, "local-cache");
  const repository = await openRepository(backend, "x", { cacheDirectory, now });
  await repository.loadIndex();
  assert.throws(() => readdirSync(join(cacheDirectory, config.id)), { code: "ENOENT" });
});
