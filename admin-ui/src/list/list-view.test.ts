import assert from "node:assert/strict";
import { test } from "node:test";
import { isSameFilter } from "./list-view.ts";

test("filters are the same whatever their order", () => {
  assert.ok(isSameFilter({ a: 1, state: ["X", "Y"] }, { state: ["Y", "X"], a: 1 }));
  assert.ok(isSameFilter({ a: 1, q: "" }, { a: 1 }));
  assert.ok(isSameFilter({}, { q: undefined }));
});

test("filters that ask for something else differ", () => {
  assert.ok(!isSameFilter({ a: 1 }, { a: 2 }));
  assert.ok(!isSameFilter({ a: 1 }, { a: 1, b: 2 }));
  assert.ok(!isSameFilter({ label: { role: "web" } }, { label: { role: "db" } }));
});
