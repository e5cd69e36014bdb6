import assert from "node:assert/strict";
import { test } from "node:test";
import { rootOf } from "./find-root-hosts.ts";

const parents: Readonly<Record<number, readonly number[]>> = { 2: [1], 3: [2], 4: [2, 5], 6: [7], 7: [6] };
const parentsOf = (id: number) => parents[id] ?? [];
const rootWith = (id: number, ...down: number[]) => rootOf(id, parentsOf, (host) => !down.includes(host));

test("the topmost host that is down is the root of those behind it", () => {
  assert.equal(rootWith(3, 1, 2, 3), 1);
  assert.equal(rootWith(3, 2, 3), 2);
});

test("a host whose parent is up, or that is up itself, is its own root", () => {
  assert.equal(rootWith(3, 3), 3);
  assert.equal(rootWith(3, 1, 2), 3);
});

test("a host that is reached by another way is its own root", () => {
  assert.equal(rootWith(4, 1, 2, 4), 4);
  assert.equal(rootWith(4, 1, 2, 4, 5), 1);
});

test("a circle ends", () => {
  assert.ok([6, 7].includes(rootWith(6, 6, 7)));
});
