import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { circleInWords, findCircle } from "./find-circle.ts";
import { createParentGraph, isReachable } from "./parent-graph.ts";

test("a host is reachable without parents or while one of them is UP", () => {
  const graph = createParentGraph([{ id: 3, parentIds: [1, 2] }]);
  const up = (...ids: number[]) => isReachable(graph, 3, (id) => ids.includes(id));
  assert.deepEqual([up(), up(1), up(2), up(1, 2)], [false, true, true, true]);
  assert.equal(
    isReachable(graph, 1, () => false),
    true,
  );
});

test("depth counts the longest way, and a circle does not hang it", () => {
  const graph = createParentGraph([
    { id: 2, parentIds: [1] },
    { id: 3, parentIds: [1, 2] },
    { id: 4, parentIds: [5] },
    { id: 5, parentIds: [4] },
    { id: 6, parentIds: [6] },
  ]);
  assert.deepEqual([1, 2, 3, 6].map(graph.depthOf), [0, 1, 2, 0]);
  assert.ok(graph.depthOf(4) >= 1);
  assert.deepEqual(graph.childrenOf(1), [2, 3]);
});

test("circles are found and said", () => {
  assert.equal(
    findCircle(
      new Map([
        ["a", ["b"]],
        ["b", ["c"]],
        ["d", ["b", "c"]],
      ]),
    ),
    null,
  );
  assert.deepEqual(
    findCircle(
      new Map([
        ["a", ["b"]],
        ["b", ["c"]],
        ["c", ["b"]],
      ]),
    ),
    ["b", "c", "b"],
  );
  assert.deepEqual(findCircle(new Map([["a", ["a"]]])), ["a", "a"]);
  assert.equal(circleInWords(["a", "b", "a"]), "a -> b -> a");
});

test("a circle is found exactly where following names can come back", () => {
  const name = fc.integer({ min: 0, max: 7 }).map(String);
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { maxLength: 15 }), (pairs) => {
      const edges = new Map<string, string[]>();
      for (const [from, to] of pairs) edges.set(from, [...(edges.get(from) ?? []), to]);
      const comesBack = [...edges.keys()].some((start) => {
        const seen = new Set<string>();
        const waiting = [...(edges.get(start) ?? [])];
        for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
          if (at === start) return true;
          if (!seen.has(at)) waiting.push(...(edges.get(at) ?? []));
          seen.add(at);
        }
        return false;
      });
      const circle = findCircle(edges);
      assert.equal(circle !== null, comesBack);
      for (const [index, from] of (circle ?? []).slice(0, -1).entries())
        assert.ok(edges.get(from)?.includes(circle?.[index + 1] ?? ""));
    }),
  );
});
