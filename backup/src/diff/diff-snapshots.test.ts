import assert from "node:assert/strict";
import { test } from "node:test";
import type { BlobType, Id } from "../blob/index.ts";
import { byteString } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import { MemoryTrees, type Sketch } from "../listing/fixtures/memory-trees.ts";
import { type DiffChange, type DiffOptions, diffLine, diffSnapshots } from "./diff-snapshots.ts";

async function diff(before: Sketch, after: Sketch, options: DiffOptions & { path?: string } = {}) {
  const trees = new MemoryTrees();
  const [from, to] = [trees.add(before), trees.add(after)];
  const numbers = new Map([...trees.trees.keys(), ...trees.blobs.keys()].map((id, number) => [id, number]));
  const index = {
    blobNumberLimit: numbers.size,
    blobNumber: (_type: BlobType, id: Id) => numbers.get(id) ?? -1,
    plaintextLength: (type: BlobType, id: Id) => (type === "data" ? (trees.blobs.get(id)?.length ?? null) : 1000),
  };
  const changes: DiffChange[] = [];
  const path = options.path === undefined ? {} : { path: byteString(options.path) };
  const summary = await diffSnapshots(
    { loadTree: trees.loadTree, index },
    { snapshot: { tree: from }, ...path },
    { snapshot: { tree: to }, ...path },
    { ...options, onChange: (change) => void changes.push(change) },
  );
  return { lines: changes.map(diffLine), summary, trees };
}

test("added, removed and modified entries are told in path order, with what they add and remove", async () => {
  const { lines, summary } = await diff(
    { etc: { hosts: "127.0.0.1", old: { deep: "gone" } }, same: { file: "x" } },
    { etc: { hosts: "127.0.0.1 localhost", fresh: { file: "born" } }, same: { file: "x" } },
  );
  assert.deepEqual(lines, [
    "+    /etc/fresh/",
    "+    /etc/fresh/file",
    "M    /etc/hosts",
    "-    /etc/old/",
    "-    /etc/old/deep",
  ]);
  assert.equal(summary.changedFiles, 1);
  assert.deepEqual(summary.added, { files: 1, dirs: 1, others: 0, dataBlobs: 2, treeBlobs: 3, bytes: 19 + 4 + 3000 });
  assert.deepEqual(summary.removed, { files: 1, dirs: 1, others: 0, dataBlobs: 2, treeBlobs: 3, bytes: 9 + 4 + 3000 });
});

test("equal directories are not read", async () => {
  const { trees, lines } = await diff({ big: { a: { b: "1" } }, x: "1" }, { big: { a: { b: "1" } }, x: "22" });
  assert.deepEqual(lines, ["M    /x"]);
  assert.equal(trees.reads.size, 2);
});

test("a blob that moved within what changed is neither added nor removed", async () => {
  const { summary } = await diff({ a: "moved", b: "x" }, { b: "x", c: "moved" });
  assert.deepEqual([summary.added.dataBlobs, summary.removed.dataBlobs], [0, 0]);
  assert.deepEqual([summary.added.files, summary.removed.files], [1, 1]);
});

test("an entry that became a directory has another type, and what is in the directory is not listed", async () => {
  const { lines } = await diff({ a: "file" }, { a: { b: "file" } });
  assert.deepEqual(lines, ["T    /a/"]);
});

test("metadata counts only when it is asked for", async () => {
  const before = { a: { node: { mode: 0o600 } } };
  const after = { a: { node: { mode: 0o640 } } };
  assert.deepEqual((await diff(before, after)).lines, []);
  assert.deepEqual((await diff(before, after, { isMetadataCompared: true })).lines, ["U    /a"]);
});

test("content that changed under the same size and times is marked as suspect", async () => {
  const { lines } = await diff({ a: "good" }, { a: "rots" });
  assert.deepEqual(lines, ["M?   /a"]);
});

test("directories of snapshots can be compared, files cannot", async () => {
  const { lines } = await diff({ home: { a: "1" }, other: "1" }, { home: { a: "22" }, other: "2" }, { path: "/home/" });
  assert.deepEqual(lines, ["M    /a"]);
  await assert.rejects(diff({ a: "1" }, { a: "2" }, { path: "a" }), InputError);
});

test("a directory that is missing is named and the rest is compared", async () => {
  const { lines, summary } = await diff(
    { a: { node: { type: "dir", subtree: "f".repeat(64) } }, b: "1" },
    { a: { x: "1" }, b: "22" },
  );
  assert.deepEqual(lines, ["M    /b"]);
  assert.equal(summary.errors, 1);
  assert.equal(summary.errorItems[0]?.item, "/a");
});
