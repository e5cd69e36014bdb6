import assert from "node:assert/strict";
import { test } from "node:test";
import { difference, valueText } from "./diff.ts";

test("a change is listed by path", () => {
  assert.deepEqual(
    difference(
      { name: "disk", interval: 60, selector: { labels: { role: "web" } }, arguments: ["-w", "5"] },
      { name: "disk", interval: 30, selector: { labels: { role: "db" } }, arguments: ["-w", "6"] },
    ),
    [
      { path: "arguments", before: ["-w", "5"], after: ["-w", "6"] },
      { path: "interval", before: 60, after: 30 },
      { path: "selector.labels.role", before: "web", after: "db" },
    ],
  );
});

test("creation and deletion list every field on one side", () => {
  assert.deepEqual(difference(null, { name: "a" }), [{ path: "name", before: undefined, after: "a" }]);
  assert.deepEqual(difference({ name: "a" }, null), [{ path: "name", before: "a", after: undefined }]);
});

test("equal values have no differences", () => {
  assert.deepEqual(difference({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }), []);
  assert.deepEqual(difference(null, null), []);
});

test("a value fits one line", () => {
  assert.equal(valueText(undefined), "—");
  assert.equal(valueText(""), "(empty)");
  assert.equal(valueText(["a", 1]), '["a",1]');
});
