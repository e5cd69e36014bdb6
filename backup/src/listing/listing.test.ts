import assert from "node:assert/strict";
import { test } from "node:test";
import { byteString } from "../byte-string/index.ts";
import { InputError, NotFoundError } from "../error/index.ts";
import { entryLine, permissionsText } from "./entry-text.ts";
import { findEntries } from "./find-entries.ts";
import { findObjects } from "./find-objects.ts";
import { findPath } from "./find-path.ts";
import { MemoryTrees, type Sketch } from "./fixtures/memory-trees.ts";
import { listEntries } from "./list-entries.ts";
import { walkSnapshot } from "./walk-snapshot.ts";

const tree: Sketch = {
  etc: { "a.conf": "a", nginx: { "nginx.conf": "server {}", sites: { one: "1" } } },
  home: { ada: { "notes.txt": "hello" } },
};

async function pathsOf(entries: AsyncIterable<{ readonly path: string }>): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of entries) paths.push(path);
  return paths;
}

test("a walk visits every entry once, directories before what is in them", async () => {
  const trees = new MemoryTrees();
  assert.deepEqual(await pathsOf(walkSnapshot(trees, trees.add(tree))), [
    "/etc",
    "/etc/a.conf",
    "/etc/nginx",
    "/etc/nginx/nginx.conf",
    "/etc/nginx/sites",
    "/etc/nginx/sites/one",
    "/home",
    "/home/ada",
    "/home/ada/notes.txt",
  ]);
});

test("a walk 2,000 levels deep and one of 100,000 entries end", async () => {
  const trees = new MemoryTrees();
  let deep = trees.add({ leaf: "x" });
  for (let level = 0; level < 2000; level++) deep = trees.add({ d: { node: { type: "dir", subtree: deep } } });
  assert.equal((await pathsOf(walkSnapshot(trees, deep))).length, 2001);
  const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, number) => [`f${number}`, { node: {} }]));
  assert.equal((await pathsOf(walkSnapshot(trees, trees.add(wide)))).length, 100_000);
});

test("a directory that cannot be read is told, and the walk goes on beside it", async () => {
  const trees = new MemoryTrees();
  const root = trees.add({ a: { node: { type: "dir", subtree: "0".repeat(64) } }, b: "x" });
  await assert.rejects(pathsOf(walkSnapshot(trees, root)), NotFoundError);
  const told: string[] = [];
  const paths = await pathsOf(walkSnapshot(trees, root, { onUnreadable: (path) => told.push(path) }));
  assert.deepEqual([paths, told], [["/a", "/b"], ["/a"]]);
});

test("a path is listed with itself and what is in it, deeper only when asked", async () => {
  const trees = new MemoryTrees();
  const snapshot = { tree: trees.add(tree) };
  const list = (path: string, isRecursive?: boolean) =>
    pathsOf(
      listEntries(trees, snapshot, { path: byteString(path), ...(isRecursive === undefined ? {} : { isRecursive }) }),
    );
  assert.deepEqual(await list("/etc"), ["/etc", "/etc/a.conf", "/etc/nginx"]);
  assert.deepEqual(await list("/etc/nginx/", true), [
    "/etc/nginx",
    "/etc/nginx/nginx.conf",
    "/etc/nginx/sites",
    "/etc/nginx/sites/one",
  ]);
  assert.deepEqual(await list("etc/a.conf"), ["/etc/a.conf"]);
  assert.deepEqual(await list("/"), ["/etc", "/home"]);
  await assert.rejects(list("/etc/none/x"), /\/etc\/none is not in the snapshot/);
  await assert.rejects(list("/etc/a.conf/x"), /a\.conf is no directory/);
  await assert.rejects(findPath(trees, snapshot.tree, byteString("/etc/../home")), InputError);
});

test("entries are found by name, path, type, age and size in every snapshot that has them", async () => {
  const trees = new MemoryTrees();
  const snapshots = [
    { id: "1", tree: trees.add(tree) },
    {
      id: "2",
      tree: trees.add({ ...tree, srv: { "b.conf": { node: { size: 5000, mtime: "2026-01-01T00:00:00Z" } } } }),
    },
  ];
  const find = async (options: Parameters<typeof findEntries>[1] extends infer O ? Omit<O, "snapshots"> : never) => {
    const found: string[] = [];
    for await (const { snapshot, path } of findEntries(trees, { ...options, snapshots }))
      found.push(`${snapshot.id}${path}`);
    return found;
  };
  assert.deepEqual(await find({ patterns: ["*.conf"] }), [
    "1/etc/a.conf",
    "1/etc/nginx/nginx.conf",
    "2/etc/a.conf",
    "2/etc/nginx/nginx.conf",
    "2/srv/b.conf",
  ]);
  assert.deepEqual(await find({ patterns: ["/home/*/NOTES*"], isCaseIgnored: true }), [
    "1/home/ada/notes.txt",
    "2/home/ada/notes.txt",
  ]);
  assert.deepEqual(await find({ types: ["dir"], patterns: ["nginx"] }), [
    "1/etc/nginx",
    "1/etc/nginx/sites",
    "2/etc/nginx",
    "2/etc/nginx/sites",
  ]);
  assert.deepEqual(await find({ minSizeBytes: 100 }), ["2/srv/b.conf"]);
  assert.deepEqual(await find({ oldestNs: 1_750_000_000_000_000_000n }), ["2/srv/b.conf"]);
  assert.deepEqual(await find({ patterns: ["*.conf"], newestNs: 0n }), []);
});

test("a directory that snapshots share is searched once", async () => {
  const trees = new MemoryTrees();
  const snapshots = Array.from({ length: 50 }, (_, number) => ({
    id: String(number),
    tree: trees.add({ ...tree, run: { counter: String(number) } }),
  }));
  const found = await pathsOf(findEntries(trees, { snapshots, patterns: ["*.conf"] }));
  assert.equal(found.length, 100);
  // 50 roots, 50 times run/, and once etc/, nginx/, sites/, home/, ada/.
  assert.equal(
    [...trees.reads.values()].reduce((sum, reads) => sum + reads, 0),
    105,
  );
});

test("the files and directories that use a blob, a tree or a pack are found", async () => {
  const trees = new MemoryTrees();
  const root = trees.add({ ...tree, copy: { "notes.txt": "hello" } });
  const notes = [...trees.blobs].find(([, bytes]) => Buffer.from(bytes).toString() === "hello")?.[0] ?? "";
  const packId = "ab".repeat(32);
  const index = {
    packs: () => [{ id: packId, indexIds: [] }],
    blobsOfPack: () => [{ id: notes, type: "data" as const, offset: 0, length: 37, uncompressedLength: null }],
  };
  const source = { loadTree: trees.loadTree, index };
  const snapshots = [{ id: "1", tree: root }];
  const expected = ["/copy/notes.txt", "/home/ada/notes.txt"];
  assert.deepEqual(await pathsOf(findObjects(source, { snapshots, blobs: [notes.slice(0, 12)] })), expected);
  assert.deepEqual(await pathsOf(findObjects(source, { snapshots, packs: ["abab"] })), expected);
  assert.deepEqual(await pathsOf(findObjects(source, { snapshots, trees: [root] })), [""]);
  await assert.rejects(pathsOf(findObjects(source, { snapshots, packs: ["cd"] })), NotFoundError);
  await assert.rejects(pathsOf(findObjects(source, { snapshots, blobs: ["xyz"] })), InputError);
});

test("permissions are written as ls writes them", () => {
  const cases = [
    ["file", 0o644, "-rw-r--r--"],
    ["file", 0o4755, "-rwsr-xr-x"],
    ["file", 0o6600, "-rwS--S---"],
    ["dir", 0o1777, "drwxrwxrwt"],
    ["dir", 0o1776, "drwxrwxrwT"],
    ["symlink", 0o777, "lrwxrwxrwx"],
    ["chardev", 0o620, "crw--w----"],
  ] as const;
  for (const [type, mode, text] of cases) assert.equal(permissionsText({ type, mode }), text);
});

test("a name with a newline stays on its line", async () => {
  const trees = new MemoryTrees();
  const [node] = trees.trees.get(trees.add({ "a\nb": "x" })) ?? [];
  assert.ok(node !== undefined);
  const line = entryLine({ path: byteString("/a\nb"), node }, { isLong: true });
  assert.match(line, /^-rw-r--r-- {5}0 {5}0 {6}1 2024-02-29 .* \/a\\x0ab$/);
});
