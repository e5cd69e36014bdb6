import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryChange } from "@mycloud/protocol/snapshot-view";
import { changeTree } from "./change-tree.ts";

const change = (path: string, what: EntryChange["change"], fromBytes: number | null, toBytes: number | null) =>
  ({ path, change: what, type: "file", fromBytes, toBytes }) satisfies EntryChange;

test("changes add up folder by folder, the busiest first", () => {
  const tree = changeTree(
    [
      change("/home/a/one", "added", null, 10),
      { path: "/home/b", change: "added", type: "dir", fromBytes: null, toBytes: null },
      change("/home/b/two", "added", null, 5),
      change("/home/b/three", "removed", 7, null),
      change("/home/c", "modified", 1, 4),
    ],
    "/home",
  );
  assert.deepEqual(
    tree.children.map(({ path }) => path),
    ["/home/b", "/home/a", "/home/c"],
  );
  const { added, removed, modified, bytes } = tree;
  assert.deepEqual({ added, removed, modified, bytes }, { added: 2, removed: 1, modified: 1, bytes: 11 });
  assert.equal(tree.children[0]?.change, "added");
  assert.equal(tree.children[1]?.change, null);
});

test("nothing changed is a tree without branches", () => {
  assert.deepEqual(changeTree([], "/").children, []);
});
