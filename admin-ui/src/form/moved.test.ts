import assert from "node:assert/strict";
import { test } from "node:test";
import { moved } from "./moved.ts";

test("an entry moves up and down, and the others keep their order", () => {
  assert.deepEqual(moved(["a", "b", "c"], 2, 1), ["a", "c", "b"]);
  assert.deepEqual(moved(["a", "b", "c"], 0, 2), ["b", "c", "a"]);
  assert.deepEqual(moved(["a", "a"], 0, 1), ["a", "a"]);
});
