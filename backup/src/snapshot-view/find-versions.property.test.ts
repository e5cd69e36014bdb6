import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { byteString } from "../byte-string/index.ts";
import { MemoryTrees, type Sketch } from "../listing/fixtures/memory-trees.ts";
import { walkSnapshot } from "../listing/index.ts";
import { findVersions } from "./find-versions.ts";
import { Unreadable } from "./lines.ts";
import { createNameSearch } from "./name-search.ts";

const name = fc.constantFrom("a", "b", "ab", "c");
const { sketch } = fc.letrec<{ sketch: Sketch; value: Sketch[string] }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, fc.constantFrom("1", "2"), tie("sketch")),
  sketch: fc.dictionary(name, tie("value"), { maxKeys: 3, depthIdentifier: "tree" }),
}));

test("a search of all snapshots finds just what a walk through each finds", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(sketch, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(4), { minLength: 1, maxLength: 8 }),
      fc.constantFrom("a", "*", "a*", "a/b", "/a/*", "/a/**/c", "**/b"),
      fc.constantFrom([], ["a"], ["a", "b"]),
      async (sketches, picks, pattern, below) => {
        const trees = new MemoryTrees();
        const roots = sketches.map((one) => trees.add(one));
        const snapshots = picks.map((pick) => ({ tree: roots[pick % roots.length]! }));
        const signal = new AbortController().signal;
        const unreadable = new Unreadable();
        const names = createNameSearch(pattern);
        const found = new Set<string>();
        const search = { snapshots, names, below: below.map(byteString), types: [], unreadable, signal };
        for await (const version of findVersions(trees, search)) {
          if (version === null) continue;
          const { newest, oldest } = version.snapshots;
          const key = `${version.path} ${version.node.type} ${version.node.content} ${newest} ${oldest}`;
          assert.ok(!found.has(key), "a version is found once");
          found.add(key);
        }
        const spans = new Map<string, { newest: number; oldest: number }>();
        for (const [at, { tree }] of snapshots.entries()) {
          for await (const { path, node } of walkSnapshot(
            { loadTree: async (id) => trees.trees.get(id) ?? [] },
            tree,
          )) {
            const components = path.slice(1).split("/");
            const isBelow =
              components.length > below.length && below.every((wanted, depth) => components[depth] === wanted);
            if (!isBelow || !names.matches(components)) continue;
            const key = `${path} ${node.type} ${node.content}`;
            const span = spans.get(key);
            if (span === undefined) spans.set(key, { newest: at, oldest: at });
            else span.oldest = at;
          }
        }
        assert.deepEqual(found, new Set([...spans].map(([key, { newest, oldest }]) => `${key} ${newest} ${oldest}`)));
        assert.deepEqual(unreadable.field, {});
      },
    ),
    { numRuns: 300 },
  );
});

test("a tree that snapshots share is read once", async () => {
  const trees = new MemoryTrees();
  const shared = { deep: { er: { file: "x" } } };
  const snapshots = ["1", "2", "3"].map((text) => ({ tree: trees.add({ shared, changed: text }) }));
  const search = {
    snapshots,
    names: createNameSearch("file"),
    below: [],
    types: [],
    unreadable: new Unreadable(),
    signal: new AbortController().signal,
  };
  const found = [];
  for await (const version of findVersions(trees, search)) if (version !== null) found.push(version);
  assert.deepEqual(
    found.map(({ path, snapshots: { newest, oldest } }) => [path, newest, oldest]),
    [["/shared/deep/er/file", 0, 2]],
  );
  assert.deepEqual([...trees.reads.values()], [1, 1, 1, 1, 1, 1]);
});
