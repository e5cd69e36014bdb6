import assert from "node:assert/strict";
import { test } from "node:test";
import { placeByKey } from "./list-keys.ts";

test("keys move by one, by a page and to the ends, and stay within the list", () => {
  const from = (focused: number) => (key: string) => placeByKey(key, { focused, count: 100, rows: 21 });
  assert.deepEqual(["j", "ArrowDown", "k", "ArrowUp"].map(from(50)), [51, 51, 49, 49]);
  assert.deepEqual(["PageDown", "PageUp", "Home", "End"].map(from(50)), [70, 30, 0, 99]);
  assert.deepEqual(["k", "PageUp"].map(from(0)), [0, 0]);
  assert.deepEqual(["j", "PageDown"].map(from(99)), [99, 99]);
  assert.equal(from(1)("x"), null);
  assert.equal(from(1)("toString"), null);
});
